import type { GaugeSample, Metrics } from "./metrics.ts";

/** What a loop over keys lets be seen of itself. */
export interface ObservableLoop {
  readonly name: string;
  depth(): number;
  running(): number;
  /** How long the key that is ready for longest has waited. */
  oldestAgeMs(): number;
}

/** The four questions to a loop: how many keys wait, for how long, how long does a run take, how does it end. */
export interface LoopMetrics {
  /** Shows the loop's queue from now on. */
  watch(loop: ObservableLoop): void;
  /** Counts one run of the loop `name`. */
  finished(name: string, outcome: string, durationMs: number): void;
}

/** One set of metrics for all loops of a process, told apart by the label `loop`. */
export const loopMetrics = (metrics: Metrics): LoopMetrics => {
  const loops: ObservableLoop[] = [];
  const samples = (read: (loop: ObservableLoop) => number) => (): GaugeSample[] =>
    loops.map((loop) => ({ value: read(loop), labels: { loop: loop.name } }));

  metrics.gauge(
    "slipway_loop_depth",
    "Keys that wait for a run.",
    samples((loop) => loop.depth()),
  );
  metrics.gauge(
    "slipway_loop_running",
    "Keys that are being run.",
    samples((loop) => loop.running()),
  );
  metrics.gauge(
    "slipway_loop_oldest_seconds",
    "How long the key that waits for longest has waited.",
    samples((loop) => loop.oldestAgeMs() / 1_000),
  );
  const seconds = metrics.histogram("slipway_loop_run_seconds", "How long the runs of one key take, by outcome.");

  return {
    watch: (loop) => void loops.push(loop),
    finished: (name, outcome, durationMs) => seconds.record(durationMs / 1_000, { loop: name, outcome }),
  };
};
