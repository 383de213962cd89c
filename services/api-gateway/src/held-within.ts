import { linkedSignal } from "@slipway/kernel";
import type { GatewayContext } from "./gateway-context.ts";

/** Waits until the read model holds a position; false when the patience of the gateway ends before. */
export const heldWithin = async (
  { follower, clock, settings }: Pick<GatewayContext, "follower" | "clock" | "settings">,
  position: number,
  signal: AbortSignal,
): Promise<boolean> => {
  const patience = linkedSignal(signal);
  let ended = false;
  const timer = clock.schedule(settings.patienceMs, () => {
    ended = true;
    patience.abort();
  });
  try {
    await follower.waitFor(position, patience.signal);
    return true;
  } catch (error) {
    if (!ended || signal.aborted) throw error;
    return false;
  } finally {
    timer.cancel();
  }
};
