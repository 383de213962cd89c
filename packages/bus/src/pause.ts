import { type BackoffPolicy, backoffDelayMs, type Clock, delay, type Random } from "@slipway/kernel";

/** Waits between failed tries of a loop that never gives up: short at first, half of it by chance. */
const RETRY: BackoffPolicy = { initialMs: 50, maxMs: 2_000, jitter: 0.5 };

/** Waits before try `failures` + 1, never less than `atLeastMs`; returns early and quietly when the signal aborts. */
export const pause = async (
  parts: { readonly clock: Clock; readonly random: Random },
  failures: number,
  signal: AbortSignal,
  atLeastMs = 0,
): Promise<void> => {
  const delayMs = Math.max(atLeastMs, backoffDelayMs(RETRY, failures, parts.random));
  await delay(delayMs, signal, parts.clock).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
