import type { Attributes } from "@opentelemetry/api";
import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";

/** Few values each: `{ outcome: "success" }`, never an object's name. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(amount?: number, labels?: Labels): void;
}

export interface Histogram {
  record(value: number, labels?: Labels): void;
}

export interface GaugeSample {
  readonly value: number;
  readonly labels?: Labels;
}

/**
 * What a part of Slipway sees of telemetry. Names are lowercase words with underscores and carry their unit
 * (`slipway_append_seconds`); a counter's `_total` is added for it. A name asked for twice is the same metric.
 */
export interface Metrics {
  counter(name: string, help: string): Counter;
  /** `observe` is called at each scrape; a gauge asked for twice shows the samples of both. */
  gauge(name: string, help: string, observe: () => number | Iterable<GaugeSample>): void;
  /** `buckets` are upper bounds; default 1 ms to 60 s for a name in seconds. */
  histogram(name: string, help: string, buckets?: readonly number[]): Histogram;
}

export interface MetricsRegistry extends Metrics {
  /** Everything measured so far, in Prometheus' text format. */
  text(): Promise<string>;
  stop(): Promise<void>;
}

/** The content type of `text()`. */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const SECONDS_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Metrics over OpenTelemetry, read out by Prometheus. */
export const createMetrics = (): MetricsRegistry => {
  // It is a reader only: who serves its text is the health server's business.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("slipway");
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();

  return {
    counter: (name, help) =>
      once(counters, name, () => {
        const counter = meter.createCounter(name, { description: help });
        return { add: (amount = 1, labels) => counter.add(amount, attributes(labels)) };
      }),
    gauge: (name, help, observe) => {
      meter.createObservableGauge(name, { description: help }).addCallback((result) => {
        const seen = observe();
        if (typeof seen === "number") result.observe(seen);
        else for (const { value, labels } of seen) result.observe(value, attributes(labels));
      });
    },
    histogram: (name, help, buckets = SECONDS_BUCKETS) =>
      once(histograms, name, () => {
        const histogram = meter.createHistogram(name, {
          description: help,
          advice: { explicitBucketBoundaries: [...buckets] },
        });
        return { record: (value, labels) => histogram.record(value, attributes(labels)) };
      }),
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    stop: () => provider.shutdown(),
  };
};

const attributes = (labels: Labels | undefined): Attributes => ({ ...labels });

const once = <T>(made: Map<string, T>, name: string, make: () => T): T => {
  const existing = made.get(name);
  if (existing !== undefined) return existing;
  const fresh = make();
  made.set(name, fresh);
  return fresh;
};

/** Takes every measurement and keeps none: for tests and for parts that run without telemetry. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => {},
  histogram: () => ({ record: () => {} }),
};
