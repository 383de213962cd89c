import type { ClusterState } from "@slipway/cluster";
import type { DomainEvent } from "@slipway/domain";
import type { StreamAppend } from "@slipway/eventlog";
import { deterministicUuid, isSlipwayError } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";
import { metaOf, requestIdOf } from "./caller.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** What is to be added to one stream, decided on the state given. */
export interface StreamDecision {
  readonly stream: string;
  readonly events: readonly DomainEvent[];
}

export interface StoredDecision {
  /** Reads at this position show the result. */
  readonly position: number;
}

/** Tries before a conflict is the caller's. */
const ATTEMPTS = 8;

/**
 * Decides on the read model and stores everything in one append, against the versions that the read model holds. When
 * another writer was faster, the read model is brought to the head and the decision made again. Returns once the read
 * model holds the result, so that the caller reads its own writes.
 */
export const storeDecision = async (
  { log, follower }: GatewayContext,
  call: CallContext,
  decide: (state: ClusterState) => readonly StreamDecision[],
): Promise<StoredDecision> => {
  const { state } = follower;
  for (let attempt = 1; ; attempt++) {
    const batch = decide(state)
      .filter(({ events }) => events.length > 0)
      .map(
        ({ stream, events }): StreamAppend => ({
          stream,
          expected: state.streamVersion(stream),
          events: events.map((event, i) => ({
            ...event,
            id: deterministicUuid(`${requestIdOf(call)}|${stream}|${i}|${event.type}`),
          })),
        }),
      );
    if (batch.length === 0) return { position: state.position };
    try {
      const { position } = await log.append(batch, metaOf(call), call.signal);
      await follower.waitFor(position, call.signal);
      return { position };
    } catch (error) {
      if (!isSlipwayError(error, "VersionConflict") || attempt >= ATTEMPTS) throw error;
      await follower.waitFor(await log.head(call.signal), call.signal);
    }
  }
};
