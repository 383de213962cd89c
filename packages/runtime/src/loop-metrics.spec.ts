import { loopMetrics } from "./loop-metrics.ts";
import { createMetrics } from "./metrics.ts";

describe("loopMetrics", () => {
  it("shows queue, age, runs and outcomes of each loop under its name", async () => {
    const metrics = createMetrics();
    const loops = loopMetrics(metrics);
    loops.watch({ name: "pods", depth: () => 3, running: () => 1, oldestAgeMs: () => 1_500 });
    loops.watch({ name: "builds", depth: () => 0, running: () => 0, oldestAgeMs: () => 0 });
    loops.finished("pods", "success", 20);
    loops.finished("pods", "error", 5);
    const text = await metrics.text();
    for (const line of [
      'slipway_loop_depth{loop="pods"} 3',
      'slipway_loop_depth{loop="builds"} 0',
      'slipway_loop_running{loop="pods"} 1',
      'slipway_loop_oldest_seconds{loop="pods"} 1.5',
      'slipway_loop_run_seconds_count{loop="pods",outcome="success"} 1',
      'slipway_loop_run_seconds_count{loop="pods",outcome="error"} 1',
    ]) {
      expect(text).toContain(line);
    }
    await metrics.stop();
  });
});
