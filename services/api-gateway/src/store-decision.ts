import type { ClusterState } from "@slipway/cluster";
import type { DomainEvent } from "@slipway/domain";
import type { StreamAppend } from "@slipway/eventlog";
import { isSlipwayError } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";
import type { Caller } from "./caller.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { heldWithin } from "./held-within.ts";

/** What is to be added to one stream, decided on the state given. A stream stands in a call's decisions once. */
export interface StreamDecision {
  readonly stream: string;
  readonly events: readonly DomainEvent[];
}

export interface StoredDecision {
  /** Reads at this position show the result. */
  readonly position: number;
  /** What the read model does not hold yet, because the bus is away; otherwise empty. */
  readonly ahead: readonly StreamDecision[];
}

/** Tries before a conflict is the caller's. */
const ATTEMPTS = 10;

/**
 * Decides on the read model and stores everything in one append, against the versions that the read model holds:
 * 1. decide; a refusal is thrown, nothing to do ends here;
 * 2. append all of it, or nothing;
 * 3. when another writer was faster, bring the read model to the head, call `beforeRetry`, and begin again;
 * 4. answer once the read model holds the result, so that the caller reads its own writes; a bus that is away does not
 *    hold up the answer for long, for what is stored is stored.
 * The repetition of a call that took effect stores nothing, whatever has happened since.
 */
export const storeDecision = async (
  context: Pick<GatewayContext, "log" | "follower" | "clock" | "settings">,
  caller: Caller,
  { signal }: Pick<CallContext, "signal">,
  decide: (state: ClusterState) => readonly StreamDecision[],
  beforeRetry: () => Promise<unknown> = async () => {},
): Promise<StoredDecision> => {
  const { log, follower } = context;
  const { state } = follower;
  const catchUp = async () => heldWithin(context, await log.head(signal), signal);
  for (let attempt = 1; ; attempt++) {
    const decisions = decide(state);
    const batch = batchOf(state, caller, decisions);
    if (batch.length === 0) return { position: state.position, ahead: [] };
    try {
      const { position } = await log.append(batch, caller.meta, signal);
      return { position, ahead: (await heldWithin(context, position, signal)) ? [] : decisions };
    } catch (error) {
      if (caller.mayBeRepeated && isSlipwayError(error, "DuplicateEventId")) {
        await catchUp();
        return { position: state.position, ahead: [] };
      }
      const conflict = isSlipwayError(error, "VersionConflict");
      if (!conflict || attempt >= ATTEMPTS || !(await catchUp())) throw error;
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
