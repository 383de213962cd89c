import type { Bus } from "@slipway/bus";
import { type ClusterFollower, followCluster } from "@slipway/cluster";
import type { ContainerEngine } from "@slipway/containers";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { type Clock, type Random, shortId } from "@slipway/kernel";
import { type Controller, createController } from "@slipway/reconcile";
import type { Component, Logger, LoopMetrics, Metrics } from "@slipway/runtime";
import { type BuildRunner, createBuildRunner } from "./build/build-runner.ts";
import type { BuildSettings } from "./build/build-settings.ts";
import { imageStreamLookup } from "./build-facts.ts";
import { reconcileBuilds } from "./reconcile-builds.ts";

export interface BuilderOptions {
  readonly log: EventLog;
  readonly snapshots?: Snapshots;
  readonly bus: Pick<Bus, "events" | "logs">;
  readonly engine: ContainerEngine;
  readonly settings: BuildSettings;
  /** This builder's name, the same after a restart; no two builders share one. */
  readonly builderId: string;
  /** Builds that run at the same time. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly loops?: LoopMetrics;
}

/** The one key of the loop: what may run depends on all builds together. */
const ALL = "builds";
/** How often everything is looked at, in case a nudge was lost; time limits of absent builders are seen then. */
const RESYNC_MS = 15_000;

/** The builder over its adapters, which the caller makes. */
export const createBuilder = (options: BuilderOptions): Component => {
  const { log, bus, clock, random, logger, metrics } = options;
  const lifetime = new AbortController();
  let follower: ClusterFollower | undefined;
  let runner: BuildRunner | undefined;
  let loop: Controller | undefined;
  const ended = metrics.counter("slipway_builds", "Builds by how they ended.");
  const seconds = metrics.histogram(
    "slipway_build_seconds",
    "How long builds take, by how they ended.",
    [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800],
  );
  metrics.gauge("slipway_builds_running", "Builds that run here now.", () => runner?.running().size ?? 0);

  return {
    name: "builder",
    start: async (signal) => {
      signal.addEventListener("abort", () => lifetime.abort(signal.reason), { once: true, signal: lifetime.signal });
      const model = await followCluster({
        log,
        bus,
        name: "builder",
        logger,
        signal: lifetime.signal,
        ...(options.snapshots && { snapshots: options.snapshots }),
      });
      follower = model;
      const session = `${options.builderId}/${shortId(random, 8)}`;
      const builds = createBuildRunner({
        ...options,
        logs: bus.logs,
        builder: session,
        streams: imageStreamLookup(() => model.state),
        caughtUp: async () => model.waitFor(await log.head(lifetime.signal), lifetime.signal),
        onEnd: (job, outcome, durationMs, reason) => {
          logger.info({ project: job.project, build: job.name, outcome, reason, durationMs }, "build ended");
          if (outcome === "not-taken" || outcome === "abandoned") return;
          ended.add(1, { outcome, ...(reason !== undefined && { reason }) });
          seconds.record(durationMs / 1_000, { outcome });
        },
        onFree: () => loop?.add(ALL),
      });
      runner = builds;
      const reconcile = reconcileBuilds({
        ...options,
        state: model.state,
        runner: builds,
        instance: options.settings.instance,
        stateDir: options.settings.stateDir,
        builder: options.builderId,
        session,
        limit: options.concurrency,
      });
      const controller = createController({
        name: "builds",
        reconcile: (_key, runSignal) => reconcile(runSignal),
        clock,
        random,
        resync: { everyMs: RESYNC_MS, listKeys: () => [ALL] },
        onOutcome: (outcome, durationMs) => options.loops?.finished("builds", outcome, durationMs),
        onError: (error, _key, attempt) => logger.warn({ error, attempt }, "builds not reconciled"),
      });
      loop = controller;
      options.loops?.watch(controller);
      model.onChange((changes) => {
        if (changes.some(({ kind }) => kind === "build" || kind === "buildconfig")) controller.add(ALL);
      });
      await controller.start(lifetime.signal);
    },
    stop: async (deadlineMs) => {
      await loop?.stop(deadlineMs / 4);
      await runner?.close();
      lifetime.abort();
      await follower?.stop();
    },
  };
};
