import type { ClusterFollower, Entry } from "@slipway/cluster";
import type { DomainEvent } from "@slipway/domain";
import type { EventLog, StreamAppend } from "@slipway/eventlog";
import { type Clock, deterministicUuid, type EventMeta, isSlipwayError } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";

/** What every loop of this service works with. */
export interface LoopContext {
  readonly follower: ClusterFollower;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: string;
}

/**
 * One stream's part of a decision, made against the version that the read model holds. The ids follow from the stream,
 * its version and the events, so the same decision taken twice is stored once.
 */
export const appendTo = (
  target: Pick<Entry<unknown>, "stream" | "version">,
  events: readonly DomainEvent[],
): StreamAppend[] =>
  events.length === 0
    ? []
    : [
        {
          stream: target.stream,
          expected: target.version,
          events: events.map((event, i) => ({
            ...event,
            id: deterministicUuid(`${target.stream}|${target.version}|${i}|${JSON.stringify(event)}`),
          })),
        },
      ];

/**
 * Stores a decision and waits until the read model holds it, so that the next look sees it. Answers false when the
 * decision was made on an old state: the caller's key is looked at again when the newer event arrives.
 */
export const store = async (
  { follower, log, actor }: LoopContext,
  batch: readonly StreamAppend[],
  signal: AbortSignal,
  meta: Omit<EventMeta, "actor"> = {},
): Promise<boolean> => {
  if (batch.length === 0) return true;
  try {
    const { position } = await log.append(batch, { ...meta, actor }, signal);
    await follower.waitFor(position, signal);
    return true;
  } catch (error) {
    if (isSlipwayError(error, "VersionConflict")) return false;
    throw error;
  }
};
