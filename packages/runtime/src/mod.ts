/** How every process runs: its settings, its parts in order, its health, its log and its metrics. */
export { type Component, type RunningComponents, type StartOptions, startComponents } from "./components.ts";
export { type Environment, maskedConfig, readConfig, variableName } from "./config.ts";
export { createHealth, type Health, type HealthCheck, type Readiness } from "./health.ts";
export {
  type HealthRoutes,
  type HealthServer,
  type HealthServerOptions,
  healthServer,
  registerHealth,
} from "./health-server.ts";
export { createLogger, LOG_LEVELS, type Logger, type LoggerOptions, type LogLevel } from "./logger.ts";
export { type LoopMetrics, loopMetrics, type ObservableLoop } from "./loop-metrics.ts";
export {
  type Counter,
  createMetrics,
  type GaugeSample,
  type Histogram,
  type Labels,
  METRICS_CONTENT_TYPE,
  type Metrics,
  type MetricsRegistry,
  noMetrics,
} from "./metrics.ts";
export { nearest } from "./nearest.ts";
export type { ProcessHost } from "./process-host.ts";
export { processConfig, runService, type ServiceContext, type ServiceOptions } from "./run.ts";
