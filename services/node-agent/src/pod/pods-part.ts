import type { Bus } from "@slipway/bus";
import type { ContainerEngine, RegistryAuth } from "@slipway/containers";
import { type Clock, linkedSignal, type Random } from "@slipway/kernel";
import { createController } from "@slipway/reconcile";
import type { Component, Logger, LoopMetrics } from "@slipway/runtime";
import { type AgentIdentity, LABEL, ownLabels } from "../container/plan/labels.ts";
import type { NodeMemory } from "../container/plan/resources.ts";
import { imagePuller } from "../image/image-puller.ts";
import { logMarks } from "../log/log-marks.ts";
import { logShipper } from "../log/log-shipper.ts";
import { prober } from "../probe/prober.ts";
import { runProbe } from "../probe/run-probe.ts";
import { outbox } from "../report/outbox.ts";
import { podFiles } from "../sandbox/pod-files.ts";
import { coldSandboxes } from "../sandbox/sandbox-source.ts";
import type { Services } from "../traffic/services.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { desiredPods } from "./desired-pods.ts";
import { engineWatch } from "./engine-watch.ts";
import { podActions } from "./pod-actions.ts";
import { podBook } from "./pod-book.ts";
import { type PodChanges, podChanges } from "./pod-changes.ts";
import { podReconciler } from "./pod-reconciler.ts";
import { podRecords } from "./pod-records.ts";

export interface PodsPartOptions {
  readonly bus: Bus;
  readonly engine: ContainerEngine;
  readonly identity: AgentIdentity;
  readonly services: Services;
  readonly traffic: Traffic;
  readonly network: string;
  /** A pod came onto the network. */
  readonly onJoined: () => Promise<void>;
  readonly dnsAddress: string;
  readonly hostIP: string;
  readonly stateDir: string;
  readonly pauseImage: string;
  readonly registry?: { readonly host: string; readonly auth: RegistryAuth };
  readonly memory: NodeMemory;
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly loops: LoopMetrics;
  /** The bus has lost what it held, reports on their way among it. */
  readonly onBusLost: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface PodsPart {
  readonly components: readonly Component[];
  readonly changes: PodChanges;
  /** Whether a pod may still run something. */
  lives(uid: string): boolean;
  count(): number;
  /** What is in the way of giving this node work. */
  problem(): string | undefined;
}

/** How long the last reports may take when the agent stops; they are made again at its next start. */
const LAST_REPORTS_MS = 2_000;

/** The pods of this node: what is wanted, what is, and the loop between the two. */
export const podsPart = (options: PodsPartOptions): PodsPart => {
  const { bus, engine, identity, services, traffic, stateDir, clock, random, logger } = options;
  const { containers } = engine;
  const lifetime = new AbortController();
  const { signal } = lifetime;
  const book = podBook();
  const records = podRecords(stateDir, logger);
  const changes = podChanges(clock);
  const files = podFiles({ stateDir, dnsAddress: options.dnsAddress });
  const logs = logShipper({ containers, bus, marks: logMarks(stateDir, clock), clock, logger });
  const nudge = (uid: string) => controller.add(uid);
  // Assignments are read whole a second time only when their stream was lost; the queue of reports shares its fate.
  let heard = false;
  const desired = desiredPods({
    bus,
    node: identity.node,
    onChange: nudge,
    onCaughtUp: () => {
      if (heard) {
        logger.info({}, "the bus has lost what it held: all that stands is told again");
        book.tellAgain();
        options.onBusLost();
      }
      heard = true;
      void addAll();
    },
    clock,
    logger,
  });
  const probes = prober({ run: runProbe(containers), onVerdict: nudge, clock, random });
  const reports = outbox({
    bus,
    node: identity.node,
    onTaken: (uid, events) => {
      const memory = book.get(uid);
      const ends = events.filter(({ type }) => type === "ContainerExited");
      if (memory === undefined || ends.length === 0) return;
      for (const { data } of ends) memory.takenExits.add(containerOf(data));
      nudge(uid);
    },
    clock,
    logger,
    signal,
  });
  const reconcile = podReconciler({
    desired,
    book,
    records,
    containers,
    actions: podActions({
      containers,
      sandboxes: coldSandboxes({
        containers,
        identity,
        image: options.pauseImage,
        network: options.network,
        minOomScoreAdj: options.memory.minOomScoreAdj,
        onStarted: options.onJoined,
      }),
      files,
      logs,
      servicesOf: services.ofProject,
      identity,
      hostIP: options.hostIP,
      stateDir,
      memory: options.memory,
      clock,
      logger,
    }),
    images: imagePuller({
      images: engine.images,
      ...(options.registry !== undefined && { registry: options.registry }),
      clock,
      logger,
      signal,
    }),
    prober: probes,
    logs,
    files,
    outbox: reports,
    traffic,
    identity,
    hostIP: options.hostIP,
    nudge,
    clock,
    logger,
  });

  const listKeys = async (): Promise<Iterable<string>> => {
    const own = await containers.list({ labels: ownLabels(identity), all: true, signal });
    const uids = new Set([...book.uids(), ...[...desired.feed.entries()].map(([uid]) => uid)]);
    for (const { labels } of own) uids.add(labels[LABEL.podUid] ?? "");
    uids.delete("");
    return uids;
  };
  const addAll = async (): Promise<void> => {
    try {
      for (const uid of await listKeys()) controller.add(uid);
    } catch (error) {
      // The engine is away; it says so when it is back, and the resync comes anyway.
      logger.debug({ error }, "the node's pods could not be listed");
    }
  };
  const controller = createController({
    name: "pods",
    reconcile,
    clock,
    random,
    concurrency: options.concurrency,
    resync: { everyMs: options.resyncMs, listKeys },
    onOutcome: (outcome, durationMs, uid) => {
      options.loops.finished("pods", outcome, durationMs);
      changes.happened(uid);
    },
    onError: (error, uid, attempt) => logger.warn({ uid, error, attempt }, "a pod could not be brought a step further"),
  });
  options.loops.watch(controller);

  let watching: Promise<void> = Promise.resolve();
  const state: Component = {
    name: "pod-state",
    start: async () => {
      for (const record of await records.load()) {
        book.adopt(record);
        if (record.assignment !== undefined) desired.feed.seed(record.uid, record.assignment);
      }
      watching = desired.feed.run(signal);
    },
    stop: async (deadlineMs) => {
      const late = linkedSignal();
      const timer = clock.schedule(Math.min(deadlineMs, LAST_REPORTS_MS), () => late.abort());
      await reports.drained(late.signal);
      timer.cancel();
      lifetime.abort();
      probes.stop();
      await Promise.all([watching, logs.stop()]);
    },
  };
  const events = engineWatch({ engine, identity, onPod: nudge, onGap: () => void addAll() });
  return {
    components: [state, controller, events],
    changes,
    lives: (uid) => desired.wish(uid)?.type === "run" && book.get(uid)?.record.finished === undefined,
    count: () => book.size,
    problem: () => (desired.feed.complete ? undefined : "the node's assignments are not known yet"),
  };
};

const containerOf = (data: unknown): string =>
  typeof data === "object" && data !== null && "containerID" in data ? String(data.containerID) : "";
