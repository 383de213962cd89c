import type { StoredEvent } from "@slipway/kernel";

/** An event's type and data, in the words of some release. */
export interface RecordedEvent {
  readonly type: string;
  readonly data: unknown;
}

/**
 * Turns an event as an earlier release recorded it into today's words. It sees any data whatever, answers the event
 * itself when it is in today's words already, and does not throw.
 */
export type Upcaster = (event: RecordedEvent) => RecordedEvent;

/** By the recorded type. A retired type keeps its upcaster for ever. */
export type UpcasterTable = Readonly<Record<string, Upcaster>>;

/**
 * Reads every event in today's words. An upcaster may answer another type, whose upcaster is asked next; no type is
 * asked twice for one event. The log keeps what was recorded.
 */
export const upcastWith =
  (table: UpcasterTable) =>
  (event: StoredEvent): StoredEvent => {
    let current: RecordedEvent = event;
    const asked = new Set<string>();
    while (Object.hasOwn(table, current.type) && !asked.has(current.type)) {
      asked.add(current.type);
      const upcaster = table[current.type];
      if (upcaster !== undefined) current = upcaster(current);
    }
    return current === event ? event : { ...event, type: current.type, data: current.data };
  };
