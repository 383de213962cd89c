import type { ClusterState } from "@slipway/cluster";
import type { DomainEvent } from "@slipway/domain";
import type { StreamAppend } from "@slipway/eventlog";
import { isSlipwayError } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";
import type { Caller } from "./caller.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** What is to be added to one stream, decided on the state given. A stream stands in a call's decisions once. */
export interface StreamDecision {
  readonly stream: string;
  readonly events: readonly DomainEvent[];
}

/** Tries before a conflict is the caller's. */
const ATTEMPTS = 10;

/**
 * Decides on the read model and stores everything in one append, against the versions that the read model holds:
 * 1. decide; a refusal is thrown, nothing to do ends here;
 * 2. append all of it, or nothing;
 * 3. when another writer was faster, bring the read model to the head, call `beforeRetry`, and begin again;
 * 4. answer the position once the read model holds it, so that the caller reads its own writes.
 * The repetition of a call that took effect stores nothing, whatever has happened since.
 */
export const storeDecision = async (
  { log, follower }: Pick<GatewayContext, "log" | "follower">,
  caller: Caller,
  call: Pick<CallContext, "signal">,
  decide: (state: ClusterState) => readonly StreamDecision[],
  beforeRetry: () => Promise<unknown> = async () => {},
): Promise<number> => {
  const { state } = follower;
  const catchUp = async (): Promise<void> => follower.waitFor(await log.head(call.signal), call.signal);
  for (let attempt = 1; ; attempt++) {
    const batch = batchOf(state, caller, decide(state));
    if (batch.length === 0) return state.position;
    try {
      const { position } = await log.append(batch, caller.meta, call.signal);
      await follower.waitFor(position, call.signal);
      return position;
    } catch (error) {
      if (caller.mayBeRepeated && isSlipwayError(error, "DuplicateEventId")) {
        await catchUp();
        return state.position;
      }
      if (!isSlipwayError(error, "VersionConflict") || attempt >= ATTEMPTS) throw error;
      await catchUp();
      await beforeRetry();
    }
  }
};

const batchOf = (state: ClusterState, caller: Caller, decisions: readonly StreamDecision[]): StreamAppend[] => {
  let index = 0;
  return decisions
    .filter(({ events }) => events.length > 0)
    .map(({ stream, events }) => ({
      stream,
      expected: state.streamVersion(stream),
      events: events.map((event) => ({ ...event, id: caller.eventId(index++) })),
    }));
};
