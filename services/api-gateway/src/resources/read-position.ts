import { SlipwayError } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { heldWithin } from "../held-within.ts";

/** A position is a number of a log that will not have 2^53 events. */
export const positionOf = (value: bigint): number => Number(value);

/** Waits until the read model holds the position; `UnknownPosition` when the log never gets there. */
export const waitForPosition = async (context: GatewayContext, call: CallContext, position: number): Promise<void> => {
  const { follower, log } = context;
  if (position <= follower.state.position) return;
  if (position <= (await log.head(call.signal))) return follower.waitFor(position, call.signal);
  if (!(await heldWithin(context, position, call.signal))) throw unknownPosition(position, follower.state.position);
};

export const unknownPosition = (position: number, head: number): SlipwayError =>
  new SlipwayError(
    "UnknownPosition",
    `Position ${position} lies beyond the head of the log (${head}): use a position that was answered before.`,
    {
      fields: { position, head },
    },
  );
