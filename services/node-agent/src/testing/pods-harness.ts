import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTopology, type MemoryBus, memoryBus, type Report } from "@slipway/bus";
import type { FakeEngine } from "@slipway/containers";
import type { AssignmentValue, EndpointsValue, PodReportValue } from "@slipway/domain";
import { type Clock, seededRandom, systemClock } from "@slipway/kernel";
import type { ContainerJson, PodSpecJson } from "@slipway/proto";
import { createLogger, loopMetrics, noMetrics, type RunningComponents, startComponents } from "@slipway/runtime";
import { removeTree } from "../host/files.ts";
import { type PodsPart, podsPart } from "../pod/pods-part.ts";
import { services } from "../traffic/services.ts";
import { traffic } from "../traffic/traffic.ts";

/** The pods of one node on an engine and a bus in memory, with the control plane's side in a test's hands. */
export interface PodsHarness {
  readonly bus: MemoryBus;
  readonly stateDir: string;
  /** What the gateway was told, as `Type container`, in order. */
  told(uid: string): string[];
  events(uid: string, type: string): Record<string, unknown>[];
  assign(uid: string, spec: PodSpecJson, deletion?: AssignmentValue["deletion"]): Promise<void>;
  endpoints(value: EndpointsValue): Promise<void>;
  /** The agent's process ends and another one begins. */
  restartAgent(): Promise<void>;
  stopAgent(): Promise<void>;
  startAgent(): Promise<void>;
  /** All streams are lost with what is in them, and filled again. */
  loseBus(fill: () => Promise<void>): Promise<void>;
  agent(): PodsPart;
  stop(): Promise<void>;
}

const IDENTITY = { instance: "t", node: "n1" };

export const onePod = (container: Partial<ContainerJson> = {}, spec: Partial<PodSpecJson> = {}): PodSpecJson => ({
  containers: [{ name: "app", image: "web:1", ...container }],
  ...spec,
});

export const podsHarness = async (engine: FakeEngine, clock: Clock): Promise<PodsHarness> => {
  const stateDir = await mkdtemp(join(tmpdir(), "slipway-agent-"));
  const logger = createLogger({ service: "node-agent", level: "silent" });
  const bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
  const makeStreams = async (fill: () => Promise<void>) => {
    await ensureTopology(bus.transport);
    await fill();
    await Promise.all([bus.assignments.declareComplete(), bus.endpoints.declareComplete()]);
  };
  await makeStreams(async () => {});
  const lifetime = new AbortController();
  const reports: Report[] = [];
  const consuming = bus.reports.consume(async (report) => void reports.push(report), lifetime.signal);
  await engine.networks.ensure({ name: "pods", subnet: "10.88.0.0/24" });
  let running: RunningComponents | undefined;
  let part: PodsPart | undefined;

  const startAgent = async () => {
    const known = services({ bus, onChange: () => directing.changed(), clock, logger });
    const directing = traffic(() => known, clock);
    const watching = new AbortController();
    const feed = known.feed.run(watching.signal);
    await known.feed.caughtUp;
    part = podsPart({
      bus,
      engine,
      identity: IDENTITY,
      services: known,
      traffic: directing,
      network: "pods",
      onJoined: async () => {},
      dnsAddress: "10.88.0.1",
      hostIP: "192.0.2.1",
      stateDir,
      pauseImage: "pause:1",
      memory: { totalBytes: 1_000_000_000, minOomScoreAdj: -998 },
      concurrency: 4,
      resyncMs: 60_000,
      onBusLost: () => {},
      loops: loopMetrics(noMetrics),
      clock,
      random: seededRandom(2),
      logger,
    });
    const components = await startComponents(part.components);
    running = {
      stop: async () => {
        watching.abort();
        await Promise.all([components.stop(), feed]);
      },
    };
  };
  const stopAgent = async () => {
    await running?.stop();
    running = undefined;
  };
  const eventsOf = (uid: string) =>
    reports.map(({ data }) => data as PodReportValue).flatMap((report) => (report.uid === uid ? report.events : []));

  await startAgent();
  return {
    bus,
    stateDir,
    told: (uid) => {
      const seen = new Set<string>();
      return eventsOf(uid).flatMap(({ id, type, data }) => {
        if (seen.has(id)) return [];
        seen.add(id);
        const { container, reason } = data as { container?: string; reason?: string };
        const words = [type, container, type === "ContainerWaiting" || type === "ContainerExited" ? reason : undefined];
        return [words.filter((word) => word !== undefined).join(" ")];
      });
    },
    events: (uid, type) =>
      eventsOf(uid).flatMap((event) => (event.type === type ? [event.data as Record<string, unknown>] : [])),
    assign: (uid, spec, deletion) =>
      bus.assignments.put({ node: IDENTITY.node, uid }, {
        pod: { metadata: { uid, name: `pod-${uid}`, namespace: "demo" }, spec: { ...spec, nodeName: IDENTITY.node } },
        ...(deletion !== undefined && { deletion }),
      } satisfies AssignmentValue),
    endpoints: (value) => bus.endpoints.put({ project: value.project, service: value.service }, value),
    startAgent,
    stopAgent,
    restartAgent: async () => {
      await stopAgent();
      await startAgent();
    },
    loseBus: async (fill) => {
      bus.wipe();
      await makeStreams(fill);
    },
    agent: () => part as PodsPart,
    stop: async () => {
      await stopAgent();
      lifetime.abort();
      await consuming;
      await bus.close();
      await removeTree(stateDir);
    },
  };
};
