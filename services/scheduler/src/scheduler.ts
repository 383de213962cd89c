import type { Bus } from "@slipway/bus";
import { type ClusterFollower, followCluster } from "@slipway/cluster";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { asSlipwayError, type Clock, delay, type Random } from "@slipway/kernel";
import { type Controller, createController, debounce } from "@slipway/reconcile";
import type { Component, Logger, LoopMetrics } from "@slipway/runtime";
import { assignmentsOwner, touchedPods } from "./assignments.ts";
import { evictPods } from "./evict-pods.ts";
import { NodeBook } from "./node-book.ts";
import { NodeHealth } from "./node-health.ts";
import { PodScheduler } from "./schedule-pods.ts";
import { wakesParkedPods } from "./wake.ts";

export interface SchedulerOptions {
  readonly log: EventLog;
  readonly snapshots?: Snapshots;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly loops?: LoopMetrics;
  readonly nodeLeaseMs: number;
  readonly nodeTolerationMs: number;
}

export interface Scheduler extends Component {
  /** Undefined before the start. */
  follower(): ClusterFollower | undefined;
}

const ACTOR = "service:scheduler";

/** How often heartbeats are judged and lost pods given up. */
const HEALTH_EVERY_MS = 1_000;

/** Pods are decided in bursts; a gap this short joins what one append brought and costs a start nothing. */
const DECIDE_GAP_MS = 2;
const DECIDE_AT_LATEST_MS = 20;

/** How often everything is looked at, in case a nudge was lost. */
const RESYNC_MS = 30_000;

/** All loops of the scheduler over one read model. The adapters are made by the caller. */
export const createScheduler = (options: SchedulerOptions): Scheduler => {
  const { log, bus, clock, random, logger, loops } = options;
  const stop = new AbortController();
  const { signal } = stop;
  let follower: ClusterFollower | undefined;
  let assignments: Controller | undefined;
  let nudges: ReturnType<typeof debounce> | undefined;
  const tasks: Promise<void>[] = [];

  /** Runs `work` again and again until the end; a failure is said and tried again. */
  const keep = (name: string, everyMs: number, work: () => Promise<void>): void => {
    tasks.push(
      (async () => {
        while (!signal.aborted) {
          await work().catch((error: unknown) => {
            if (!signal.aborted) logger.warn({ loop: name, error: asSlipwayError(error) }, "loop failed");
          });
          await delay(everyMs, signal, clock).catch(() => {});
        }
      })(),
    );
  };

  return {
    name: "scheduler",
    follower: () => follower,
    start: async (startSignal) => {
      const onAbort = () => stop.abort(startSignal.reason);
      startSignal.addEventListener("abort", onAbort, { once: true });
      const model = await followCluster({
        log,
        bus,
        name: "scheduler",
        logger,
        signal,
        ...(options.snapshots ? { snapshots: options.snapshots } : {}),
      });
      follower = model;
      const book = new NodeBook(model.state);
      const context = { follower: model, log, clock, logger, actor: ACTOR };
      const pods = new PodScheduler({ ...context, book });
      const health = new NodeHealth({ ...context, bus, leaseMs: options.nodeLeaseMs });
      const owner = assignmentsOwner(() => model.state, bus.assignments);

      const loop = createController({
        name: "assignments",
        reconcile: (key) => owner.reconcile(key),
        clock,
        random,
        concurrency: 16,
        resync: { everyMs: RESYNC_MS, listKeys: () => owner.ids() },
        onOutcome: (outcome, durationMs) => loops?.finished("assignments", outcome, durationMs),
        onError: (error, key) => logger.warn({ error, key }, "assignment not written"),
      });
      assignments = loop;
      loops?.watch(loop);
      const decisions = debounce({
        clock,
        gapMs: DECIDE_GAP_MS,
        maxMs: DECIDE_AT_LATEST_MS,
        run: () =>
          pods.run(signal).catch((error: unknown) => {
            if (signal.aborted) return;
            logger.warn({ error: asSlipwayError(error) }, "scheduling failed");
            void delay(HEALTH_EVERY_MS, signal, clock).then(
              () => decisions.nudge(),
              () => {},
            );
          }),
      });
      nudges = decisions;

      model.onChange((changes) => {
        book.apply(changes);
        if (wakesParkedPods(changes)) pods.wake();
        for (const key of touchedPods(changes)) loop.add(key);
        decisions.nudge();
      });

      health.listen(signal);
      await owner.restore();
      await loop.start(signal);
      tasks.push(
        owner.watchForLoss(signal, clock).catch((error: unknown) => {
          if (!signal.aborted) logger.error({ error: asSlipwayError(error) }, "assignments feed not watched");
        }),
      );
      keep("node-health", HEALTH_EVERY_MS, () => health.check(HEALTH_EVERY_MS, signal));
      keep("eviction", HEALTH_EVERY_MS, () =>
        evictPods({ ...context, tolerationMs: options.nodeTolerationMs }, signal),
      );
      keep("parked-pods", RESYNC_MS, async () => decisions.nudge());
      startSignal.removeEventListener("abort", onAbort);
    },
    stop: async (deadlineMs) => {
      await nudges?.stop();
      await assignments?.stop(deadlineMs / 2);
      stop.abort();
      await Promise.all(tasks);
      await follower?.stop();
    },
  };
};
