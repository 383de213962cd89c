import { backoffDelayMs, type Clock, delay, isSlipwayError, type Random, type SlipwayError } from "@slipway/kernel";

const TRIES = 4;
const PAUSES = { initialMs: 100, maxMs: 1_000, jitter: 0.5 };

interface RetryOptions {
  readonly signal: AbortSignal | undefined;
  readonly deadlineMs: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Tries up to four times while the server, or the log behind it, is away, with pauses of about 0.1, 0.2 and 0.4 s or as
 * long as the server asks for. Gives up at once when the pause would outlast the deadline. For calls without effect only.
 */
export const withRetries = async <T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> => {
  const { clock, random, signal, deadlineMs = Number.POSITIVE_INFINITY } = options;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isAway(error) || failures === TRIES || signal?.aborted) throw error;
      const pauseMs = Math.max(backoffDelayMs(PAUSES, failures, random), error.retryAfterMs ?? 0);
      if (clock.now() + pauseMs >= deadlineMs) throw error;
      await delay(pauseMs, signal, clock);
    }
  }
};

const isAway = (error: unknown): error is SlipwayError =>
  isSlipwayError(error, "ServerUnavailable") || isSlipwayError(error, "LogUnavailable");
