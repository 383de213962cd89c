import type { RelayMetrics } from "@slipway/bus";
import type { FinishedCall } from "@slipway/rpc";
import type { Metrics } from "@slipway/runtime";

/** What the gateway measures of itself. */
export interface GatewayMetrics {
  readonly relay: RelayMetrics;
  readonly onFinished: (call: FinishedCall) => void;
  /** Where the lag of the read model is read, in positions. */
  readModel(lag: () => number): void;
}

export const gatewayMetrics = (metrics: Metrics): GatewayMetrics => {
  const calls = metrics.counter("slipway_api_calls", "Calls of the API that have ended, by method and status.");
  const seconds = metrics.histogram("slipway_api_call_seconds", "How long calls of the API took, by method.");
  const relayed = metrics.counter("slipway_relay_events", "Events brought to the bus, by outcome.");
  let relayLag = 0;
  metrics.gauge("slipway_relay_lag_positions", "Positions that the log is ahead of the bus.", () => relayLag);
  return {
    relay: {
      published: () => relayed.add(1, { outcome: "published" }),
      duplicate: () => relayed.add(1, { outcome: "duplicate" }),
      overtaken: () => relayed.add(1, { outcome: "overtaken" }),
      lag: (positions) => {
        relayLag = positions;
      },
    },
    onFinished: ({ method, status, durationMs }) => {
      calls.add(1, { method, status });
      seconds.record(durationMs / 1_000, { method });
    },
    readModel: (lag) =>
      metrics.gauge("slipway_read_model_lag_positions", "Positions that the read model is behind.", lag),
  };
};
