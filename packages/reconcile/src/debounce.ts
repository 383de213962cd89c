import type { Clock, Timer } from "@slipway/kernel";

export interface DebounceOptions {
  readonly clock: Clock;
  /** What the nudges are for. It is never called twice at once and must not throw: it has its own way with errors. */
  readonly run: () => Promise<void> | void;
  /** Quiet time after the last nudge before a run. Default 50 ms. */
  readonly gapMs?: number;
  /** From the first nudge to the run at the latest, however many follow. Default 1 s. */
  readonly maxMs?: number;
}

/** Many nudges, one run. */
export interface Debounce {
  nudge(): void;
  /** Runs now when a nudge waits; resolves when nothing waits or runs. */
  flush(): Promise<void>;
  /** Forgets what waits, hears no more nudges, and resolves when the run under way has ended. */
  stop(): Promise<void>;
}

/** Gathers nudges and runs once they pause for `gapMs`, or `maxMs` after the first. A nudge during a run asks for one more run. */
export const debounce = ({ clock, run, gapMs = 50, maxMs = 1_000 }: DebounceOptions): Debounce => {
  let timer: Timer | undefined;
  let firstNudgeMs: number | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  const fire = (): void => {
    timer?.cancel();
    timer = undefined;
    if (running !== undefined || firstNudgeMs === undefined) return;
    firstNudgeMs = undefined;
    running = (async () => run())().finally(() => {
      running = undefined;
      if (firstNudgeMs !== undefined) schedule();
    });
  };

  const schedule = (): void => {
    if (running !== undefined || firstNudgeMs === undefined) return;
    timer?.cancel();
    const latestMs = firstNudgeMs + maxMs - clock.now();
    timer = clock.schedule(Math.max(0, Math.min(gapMs, latestMs)), fire);
  };

  return {
    nudge: () => {
      if (stopped) return;
      firstNudgeMs ??= clock.now();
      schedule();
    },
    flush: async () => {
      while (running !== undefined || firstNudgeMs !== undefined) {
        fire();
        await running;
      }
    },
    stop: async () => {
      stopped = true;
      firstNudgeMs = undefined;
      timer?.cancel();
      await running;
    },
  };
};
