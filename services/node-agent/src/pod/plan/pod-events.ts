import type { EventMap, EventType } from "@slipway/domain";
import { deterministicUuid } from "@slipway/kernel";

/** An event on its way to the log. */
export interface PodEvent {
  readonly id: string;
  readonly type: EventType;
  readonly data: unknown;
}

/** Makes events of one pod whose ids follow from what they say, so that the same fact told twice is stored once. */
export interface PodEvents {
  /** `about` tells this fact from the others of its type: a container's id, a reason with its occasion. */
  add<T extends EventType>(type: T, about: string, data: Omit<EventMap[T], "uid">): void;
  readonly list: readonly PodEvent[];
}

export const podEvents = (uid: string): PodEvents => {
  const list: PodEvent[] = [];
  return {
    list,
    add: (type, about, data) => {
      list.push({ id: deterministicUuid(`${uid}/${type}/${about}`), type, data: { uid, ...data } });
    },
  };
};
