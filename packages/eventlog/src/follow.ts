import {
  asSlipwayError,
  type BackoffPolicy,
  backoffDelayMs,
  type Clock,
  delay,
  SlipwayError,
  type StoredEvent,
} from "@slipway/kernel";
import type { HeadSignal } from "./head-signal.ts";

interface FollowOptions {
  /** The first position wanted. */
  readonly from: number;
  readonly signal: AbortSignal;
  /** The next events from this position on, in order and without a gap; empty at the head. */
  readonly page: (from: number) => Promise<readonly StoredEvent[]>;
  readonly nudges: HeadSignal;
  /** The longest time between two looks: nudges may get lost. */
  readonly pollMs: number;
  readonly clock: Clock;
}

const RETRY: BackoffPolicy = { initialMs: 50, maxMs: 1_000 };

/**
 * Every event from a position on, for ever. While the store cannot be reached it tries again and again; it ends quietly
 * when the signal aborts, and throws only what no waiting can mend.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<readonly StoredEvent[]> {
  const { signal, nudges, clock } = options;
  let next = options.from;
  let failures = 0;
  while (!signal.aborted) {
    const seen = nudges.count;
    try {
      const events = await options.page(next);
      failures = 0;
      if (events.length > 0) {
        next = following(events, next);
        if (signal.aborted) return;
        yield events;
      } else {
        await nudges.after(seen, options.pollMs, signal, clock);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (asSlipwayError(error).class !== "Transient") throw error;
      failures++;
      await delay(backoffDelayMs(RETRY, failures), signal, clock).catch(() => {});
    }
  }
}

/** The position after these events; throws when they are not exactly the next ones. */
const following = (events: readonly StoredEvent[], next: number): number => {
  const after = next + events.length;
  if (events[0]?.position === next && events.at(-1)?.position === after - 1) return after;
  throw new SlipwayError("Internal", `The log has a gap behind position ${next - 1}, which cannot be.`);
};
