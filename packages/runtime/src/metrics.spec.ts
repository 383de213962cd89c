import { createMetrics } from "./metrics.ts";

describe("createMetrics", () => {
  it("writes counters, gauges and histograms in Prometheus' text format", async () => {
    const metrics = createMetrics();
    const appended = metrics.counter("slipway_events_appended", "Events appended.");
    appended.add(2, { project: "demo" });
    metrics.counter("slipway_events_appended", "Events appended.").add(1, { project: "demo" });
    metrics.gauge("slipway_nodes", "Nodes by state.", () => [
      { value: 3, labels: { state: "ready" } },
      { value: 1, labels: { state: "unreachable" } },
    ]);
    metrics.gauge("slipway_head", "Head of the log.", () => 42);
    metrics.histogram("slipway_append_seconds", "Time of an append.", [0.1, 1]).record(0.5);
    const text = await metrics.text();
    const lines = text.split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        "# HELP slipway_events_appended_total Events appended.",
        "# TYPE slipway_events_appended_total counter",
        'slipway_events_appended_total{project="demo"} 3',
        'slipway_nodes{state="ready"} 3',
        'slipway_nodes{state="unreachable"} 1',
        "slipway_head 42",
        'slipway_append_seconds_bucket{le="0.1"} 0',
        'slipway_append_seconds_bucket{le="1"} 1',
        "slipway_append_seconds_sum 0.5",
      ]),
    );
    await metrics.stop();
  });

  it("reads a gauge anew at each scrape", async () => {
    const metrics = createMetrics();
    let depth = 1;
    metrics.gauge("slipway_depth", "Depth.", () => depth);
    expect(await metrics.text()).toContain("\nslipway_depth 1\n");
    depth = 7;
    expect(await metrics.text()).toContain("\nslipway_depth 7\n");
    await metrics.stop();
  });

  it("keeps one registry apart from another", async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.counter("slipway_only_here", "x").add();
    expect(await other.text()).not.toContain("slipway_only_here");
    await Promise.all([one.stop(), other.stop()]);
  });
});
