import { copyFile, mkdir, mkdtemp, readFile, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTopology, type MemoryBus, memoryBus, type Report } from "@slipway/bus";
import { type ContainerEngine, dockerEngine } from "@slipway/containers";
import type { AssignmentValue, EndpointsValue, PodReportValue } from "@slipway/domain";
import { seededRandom, systemClock, systemRandom } from "@slipway/kernel";
import type { PodSpecJson } from "@slipway/proto";
import { createLogger, loopMetrics, noMetrics, type RunningComponents, startComponents } from "@slipway/runtime";
import { createNodeAgent } from "../agent.ts";
import { type NodeAgentConfig, nodeAgentConfig } from "../config.ts";
import { removeTree } from "../host/files.ts";
import { runCommand } from "../host/run-command.ts";
import { purgeNode } from "../purge.ts";

/** A whole node agent on the Docker Engine of this machine, with the control plane's side in a test's hands. */
export interface DockerNode {
  readonly engine: ContainerEngine;
  readonly bus: MemoryBus;
  readonly config: NodeAgentConfig;
  readonly image: string;
  /** The agent's process starts; answers when it is ready. */
  start(): Promise<void>;
  stop(): Promise<void>;
  events(uid: string): PodReportValue["events"];
  assign(uid: string, spec: PodSpecJson, deletion?: AssignmentValue["deletion"]): Promise<void>;
  forget(uid: string): Promise<void>;
  endpoints(value: Partial<EndpointsValue> & Pick<EndpointsValue, "service">): Promise<void>;
  purge(): Promise<void>;
  /** Purges and takes the test's images away. */
  close(): Promise<void>;
}

export interface DockerNodeOptions {
  readonly instance: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly edgePort: number;
}

export const dockerNode = async (options: DockerNodeOptions): Promise<DockerNode> => {
  const { instance } = options;
  const engine = dockerEngine();
  const stateDir = await mkdtemp(join(tmpdir(), "slipway-node-"));
  const image = `${instance}/busybox:1`;
  const pauseImage = `${instance}/pause:1`;
  const rootfs = await busyboxTar();
  await engine.images.importRootfs(rootfs, image, { changes: ["ENV PATH=/bin"] });
  await engine.images.importRootfs(rootfs, pauseImage, {
    changes: ['ENTRYPOINT ["/bin/busybox", "sleep", "2147483647"]'],
  });
  const logger = createLogger({ service: "node-agent", level: process.env.AGENT_LOG === "1" ? "debug" : "silent" });
  const bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
  await ensureTopology(bus.transport);
  await Promise.all([bus.assignments.declareComplete(), bus.endpoints.declareComplete()]);
  const lifetime = new AbortController();
  const reports: Report[] = [];
  const consuming = bus.reports.consume(async (report) => void reports.push(report), lifetime.signal);
  const config = nodeAgentConfig.parse({
    ...options,
    nodeName: "n1",
    stateDir,
    natsUrl: "memory",
    pauseImage,
    heartbeatMs: 500,
  });
  let running: RunningComponents | undefined;

  const start = async () => {
    const agent = await createNodeAgent(config, {
      bus,
      engine,
      clock: systemClock,
      random: systemRandom,
      logger,
      loops: loopMetrics(noMetrics),
    });
    running = await startComponents(agent.components, { logger });
  };
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const purge = () => purgeNode({ instance, node: config.nodeName, stateDir, engine, logger });
  return {
    engine,
    bus,
    config,
    image,
    start,
    stop,
    purge,
    events: (uid) => {
      const ids = new Set<string>();
      return reports
        .map(({ what, data }) => (what === "pod" ? (data as PodReportValue) : undefined))
        .flatMap((report) => (report?.uid === uid ? report.events : []))
        .filter(({ id }) => !ids.has(id) && ids.add(id));
    },
    assign: (uid, spec, deletion) =>
      bus.assignments.put({ node: config.nodeName, uid }, {
        pod: { metadata: { uid, name: `pod-${uid}`, namespace: "demo" }, spec: { ...spec, nodeName: config.nodeName } },
        ...(deletion !== undefined && { deletion }),
      } satisfies AssignmentValue),
    forget: (uid) => bus.assignments.remove({ node: config.nodeName, uid }),
    endpoints: (value) =>
      bus.endpoints.put({ project: "demo", service: value.service }, {
        project: "demo",
        uid: value.service,
        clusterIP: "",
        ports: [{ name: "", port: 80, protocol: "TCP" }],
        endpoints: [],
        routes: [],
        position: 1,
        ...value,
      } satisfies EndpointsValue),
    close: async () => {
      await stop();
      lifetime.abort();
      await consuming;
      await bus.close();
      await purge();
      for (const ref of [image, pauseImage]) await engine.images.remove(ref, { force: true });
      engine.close();
    },
  };
};

const APPLETS = [
  "sh",
  "httpd",
  "hostname",
  "sleep",
  "cat",
  "echo",
  "wget",
  "nslookup",
  "ls",
  "mkdir",
  "kill",
  "date",
  "ip",
  "id",
  "mv",
  "cp",
];

/** A root file system of one static program. */
export const busyboxTar = async (): Promise<Buffer> => {
  const dir = await mkdtemp(join(tmpdir(), "slipway-rootfs-"));
  try {
    for (const folder of ["bin", "etc", "tmp", "www"]) await mkdir(join(dir, "root", folder), { recursive: true });
    await copyFile("/bin/busybox", join(dir, "root/bin/busybox"));
    for (const applet of APPLETS) await symlink("busybox", join(dir, "root/bin", applet));
    const tar = join(dir, "rootfs.tar");
    const { exitCode, output } = await runCommand("tar", ["-C", join(dir, "root"), "-cf", tar, "."]);
    if (exitCode !== 0) throw new Error(output);
    return await readFile(tar);
  } finally {
    await removeTree(dir);
  }
};
