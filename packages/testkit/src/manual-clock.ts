import type { Clock } from "@slipway/kernel";

/** Time that moves only when a test says so. */
export interface ManualClock extends Clock {
  /**
   * Moves time forward by `ms`, running every timer that falls due on the way, in the order of their moments (the
   * order of their making within one moment), and letting promises settle before, between and after them.
   */
  advance(ms: number): Promise<void>;
  /** How many timers are set. */
  pending(): number;
}

interface SetTimer {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that stands at `startMs` until it is advanced. */
export const manualClock = (startMs = 0): ManualClock => {
  let nowMs = startMs;
  const timers = new Set<SetTimer>();

  const nextDue = (untilMs: number): SetTimer | undefined => {
    let first: SetTimer | undefined;
    for (const timer of timers) {
      if (timer.atMs <= untilMs && (first === undefined || timer.atMs < first.atMs)) first = timer;
    }
    return first;
  };

  return {
    now: () => nowMs,
    pending: () => timers.size,
    schedule: (delayMs, run) => {
      const timer = { atMs: nowMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await settled();
      for (let timer = nextDue(untilMs); timer !== undefined; timer = nextDue(untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.atMs);
        timer.run();
        await settled();
      }
      nowMs = untilMs;
    },
  };
};

/** The event loop runs every promise callback, however long their chain, before it comes to an immediate. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
