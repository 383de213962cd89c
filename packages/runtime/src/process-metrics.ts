import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Metrics } from "./metrics.ts";

/** What a process costs, and how late its event loop is: the first things to look at when something is slow. */
export const processMetrics = (metrics: Metrics): void => {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.gauge("process_resident_memory_bytes", "Memory that the process holds.", () => process.memoryUsage.rss());
  metrics.gauge("process_heap_bytes", "JavaScript objects, dead ones included.", () => process.memoryUsage().heapUsed);
  metrics.gauge("process_cpu_seconds", "CPU time used since the start.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000_000;
  });
  metrics.gauge("process_uptime_seconds", "Time since the start.", () => process.uptime());
  metrics.gauge("nodejs_eventloop_delay_seconds", "99th percentile since the last scrape.", () => {
    const seconds = delay.percentile(99) / 1e9;
    delay.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
};
