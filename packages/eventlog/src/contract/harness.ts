import { randomUUID } from "node:crypto";
import { type EventMeta, isSlipwayError, type NewEvent, type SlipwayError, type StoredEvent } from "@slipway/kernel";
import type { EventLog } from "../port.ts";

/** Opens a log; all logs opened within one test share one store, empty at first. */
export type OpenLog = (options?: { readonly upcast?: (event: StoredEvent) => StoredEvent }) => Promise<EventLog>;

/** Event types that the log under test must know. */
export const CONTRACT_TYPES: ReadonlySet<string> = new Set(["PodCreated", "PodScheduled", "PodDeleted"]);

export const META: EventMeta = { actor: "user:owner", correlation: "c-1" };

export const event = (type = "PodCreated", data: unknown = { pod: { metadata: { name: "web" } } }): NewEvent => ({
  id: randomUUID(),
  type,
  data,
});

/** The refusal that a promise ends with; fails the test when there is none. */
export const refusal = async (attempt: Promise<unknown>): Promise<SlipwayError> => {
  const error: unknown = await attempt.then(
    () => new Error("It was not refused."),
    (reason: unknown) => reason,
  );
  if (!isSlipwayError(error)) throw error;
  return error;
};

/** All events of a read, in one list. */
export const collect = async (batches: AsyncIterable<readonly StoredEvent[]>): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
};

/** The first `count` events that a follower sees. */
export const take = async (
  batches: AsyncIterable<readonly StoredEvent[]>,
  count: number,
): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const batch of batches) {
    events.push(...batch);
    if (events.length >= count) break;
  }
  return events;
};
