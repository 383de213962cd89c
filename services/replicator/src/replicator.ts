import type { Bus } from "@slipway/bus";
import { type ClusterFollower, followCluster } from "@slipway/cluster";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { asSlipwayError, type Clock, type Random } from "@slipway/kernel";
import { type Controller, createController } from "@slipway/reconcile";
import type { Component, Logger, LoopMetrics } from "@slipway/runtime";
import { GarbageLoop, touchedGarbage } from "./collect-garbage.ts";
import { endpointsOwner, touchedServices } from "./endpoints.ts";
import { ControllerLoop, touchedControllers } from "./reconcile-controllers.ts";
import type { LoopContext } from "./store.ts";

export interface ReplicatorOptions {
  readonly log: EventLog;
  readonly snapshots?: Snapshots;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly loops?: LoopMetrics;
}

export interface Replicator extends Component {
  /** Undefined before the start. */
  follower(): ClusterFollower | undefined;
}

const ACTOR = "service:replicator";

/** How often everything is looked at, in case a nudge was lost. */
const RESYNC_MS = 30_000;

/** All loops of the replicator over one read model. The adapters are made by the caller. */
export const createReplicator = (options: ReplicatorOptions): Replicator => {
  const { log, bus, clock, random, logger, loops } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let follower: ClusterFollower | undefined;
  const controllers: Controller[] = [];
  let lossWatch: Promise<void> | undefined;

  const loop = (
    name: string,
    concurrency: number,
    reconcile: (key: string, signal: AbortSignal) => Promise<void>,
    listKeys: () => Iterable<string>,
  ): Controller => {
    const controller = createController({
      name,
      reconcile,
      clock,
      random,
      concurrency,
      resync: { everyMs: RESYNC_MS, listKeys },
      onOutcome: (outcome, durationMs) => loops?.finished(name, outcome, durationMs),
      onError: (error, key) => logger.warn({ error, loop: name, key }, "loop failed"),
    });
    loops?.watch(controller);
    controllers.push(controller);
    return controller;
  };

  return {
    name: "replicator",
    follower: () => follower,
    start: async (startSignal) => {
      const onAbort = () => stop.abort(startSignal.reason);
      startSignal.addEventListener("abort", onAbort, { once: true });
      const model = await followCluster({
        log,
        bus,
        name: "replicator",
        logger,
        signal,
        ...(options.snapshots ? { snapshots: options.snapshots } : {}),
      });
      follower = model;
      const context: LoopContext = { follower: model, log, clock, logger, actor: ACTOR };
      const replicas = new ControllerLoop(context);
      const garbage = new GarbageLoop(context);
      const owner = endpointsOwner(() => model.state, bus.endpoints);
      const replicaLoop = loop(
        "replication-controllers",
        8,
        (key, s) => replicas.reconcile(key, s),
        () => replicas.keys(),
      );
      const garbageLoop = loop(
        "garbage",
        8,
        (key, s) => garbage.reconcile(key, s),
        () => garbage.keys(),
      );
      const endpointsLoop = loop(
        "endpoints",
        16,
        (id) => owner.reconcile(id),
        () => owner.ids(),
      );

      model.onChange((changes) => {
        for (const key of touchedControllers(model.state, changes)) replicaLoop.add(key);
        for (const key of touchedGarbage(model.state, changes)) garbageLoop.add(key);
        for (const id of touchedServices(model.state, changes)) endpointsLoop.add(id);
      });
      await owner.restore();
      for (const controller of controllers) await controller.start(signal);
      lossWatch = owner.watchForLoss(signal, clock).catch((error: unknown) => {
        if (!signal.aborted) logger.error({ error: asSlipwayError(error) }, "endpoints feed not watched");
      });
      startSignal.removeEventListener("abort", onAbort);
    },
    stop: async (deadlineMs) => {
      await Promise.all(controllers.map((controller) => controller.stop(deadlineMs / 2)));
      stop.abort();
      await lossWatch;
      await follower?.stop();
    },
  };
};
