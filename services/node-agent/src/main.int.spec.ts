import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bus, connectBus, ensureTopology, type Report } from "@slipway/bus";
import { dockerEngine } from "@slipway/containers";
import type { AssignmentValue, PodReportValue } from "@slipway/domain";
import { createLogger } from "@slipway/runtime";
import { eventually, startTestNats, type TestNats } from "@slipway/testkit";
import { LABEL } from "./container/plan/labels.ts";
import { purgeNode } from "./purge.ts";
import { busyboxTar } from "./testing/docker-node.ts";

const INSTANCE = `agentmain${process.pid % 1_000}`;
const HEALTH_PORT = 30_000 + (process.pid % 10_000);
const IMAGE = `${INSTANCE}/busybox:1`;
const PAUSE = `${INSTANCE}/pause:1`;
const engine = dockerEngine();
const logger = createLogger({ service: "node-agent", level: "silent" });

let nats: TestNats;
let bus: Bus;
let stateDir: string;
let agent: ChildProcess | undefined;
let output = "";
const lifetime = new AbortController();
const reports: Report[] = [];
const beats: unknown[] = [];

const startAgent = async (): Promise<void> => {
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    SLIPWAY_INSTANCE: INSTANCE,
    SLIPWAY_NODE_NAME: "n1",
    SLIPWAY_STATE_DIR: stateDir,
    SLIPWAY_NATS_URL: nats.url,
    SLIPWAY_NATS_USER: "n1",
    SLIPWAY_NATS_PASSWORD: "node-secret",
    SLIPWAY_POD_CIDR: "10.249.7.0/24",
    SLIPWAY_SERVICE_CIDR: "10.250.0.0/16",
    SLIPWAY_PAUSE_IMAGE: PAUSE,
    SLIPWAY_EDGE: "false",
    SLIPWAY_HEALTH_PORT: String(HEALTH_PORT),
    SLIPWAY_HEARTBEAT_MS: "200",
  };
  agent = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], { env, stdio: ["ignore", "pipe", "pipe"] });
  agent.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  agent.stderr?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
  });
  await eventually(async () => {
    const answer = await fetch(`http://127.0.0.1:${HEALTH_PORT}/readyz`).catch(() => undefined);
    return answer?.status === 200 || undefined;
  }, 20_000).catch((error: unknown) => {
    throw new Error(`${error}\n${output}`);
  });
};

const stopAgent = async (signal: NodeJS.Signals): Promise<number | null> => {
  const ended = agent?.exitCode === null ? once(agent, "exit") : undefined;
  agent?.kill(signal);
  await ended;
  return agent?.exitCode ?? null;
};

const told = (uid: string): string[] =>
  reports
    .map(({ what, data }) => (what === "pod" ? (data as PodReportValue) : undefined))
    .flatMap((report) => (report?.uid === uid ? report.events.map(({ type }) => type) : []));
const containers = (uid: string) =>
  engine.containers.list({ labels: { [LABEL.instance]: INSTANCE, [LABEL.podUid]: uid }, all: true });
const assign = (uid: string, deletion?: AssignmentValue["deletion"]) =>
  bus.assignments.put({ node: "n1", uid }, {
    pod: {
      metadata: { uid, name: uid, namespace: "demo" },
      spec: {
        nodeName: "n1",
        containers: [{ name: "app", image: IMAGE, command: ["sh", "-c", "echo hi; sleep 1000"] }],
      },
    },
    ...(deletion !== undefined && { deletion }),
  } satisfies AssignmentValue);

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "slipway-main-"));
  const rootfs = await busyboxTar();
  await engine.images.importRootfs(rootfs, IMAGE, { changes: ["ENV PATH=/bin"] });
  await engine.images.importRootfs(rootfs, PAUSE, { changes: ['ENTRYPOINT ["/bin/busybox", "sleep", "2147483647"]'] });
  nats = await startTestNats({
    auth: [
      { user: "control", password: "control-secret", role: "control-plane" },
      { user: "n1", password: "node-secret", role: "node", node: "n1" },
    ],
  });
  bus = await connectBus({ servers: nats.url, name: "spec", user: "control", password: "control-secret" });
  await ensureTopology(bus.transport);
  await Promise.all([bus.assignments.declareComplete(), bus.endpoints.declareComplete()]);
  void bus.reports.consume(async (report) => void reports.push(report), lifetime.signal);
  bus.heartbeats.subscribe((_node, data) => void beats.push(data), lifetime.signal);
  await startAgent();
}, 60_000);

afterAll(async () => {
  await stopAgent("SIGKILL");
  lifetime.abort();
  await bus.close();
  await nats.stop();
  await purgeNode({ instance: INSTANCE, node: "n1", stateDir, engine, logger });
  for (const ref of [IMAGE, PAUSE]) await engine.images.remove(ref, { force: true });
  engine.close();
}, 60_000);

describe("the node agent's process, with no more rights on the bus than a node has", () => {
  it("tells of itself and sends signs of life", async () => {
    const report = await eventually(() => reports.find(({ what }) => what === "node"));
    expect(report.data).toMatchObject({
      node: { metadata: { name: "n1" }, spec: { podCIDR: "10.249.7.0/24" }, status: { capacity: { pods: "110" } } },
    });
    const beat = await eventually(() => beats[2]);
    expect(beat).toEqual({
      at: expect.stringMatching(/^\d{4}-/),
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pods: expect.any(Number),
      usage: { cpuMillis: expect.any(Number), memoryBytes: expect.any(Number) },
    });
  }, 20_000);

  it("runs what it is assigned, keeps its output and answers for it", async () => {
    await assign("p1");
    await eventually(() => told("p1").includes("ContainerReady") || undefined, 20_000);
    const key = { project: "demo", kind: "pod", name: "p1" };
    await eventually(async () => {
      for await (const { lines } of bus.logs.read(key, { signal: lifetime.signal })) return lines[0]?.text === "hi";
      return undefined;
    });
    const answers: unknown[] = [];
    const call = bus.requests.call("n1", "stats", { uid: "p1" }, { signal: lifetime.signal, timeoutMs: 10_000 });
    for await (const answer of call) answers.push(answer);
    expect(answers).toMatchObject([{ project: "demo", name: "p1", containers: [{ name: "app" }] }]);
  }, 40_000);

  it("finds its pods as they were after it was killed, and goes on with what happened meanwhile", async () => {
    const before = (await containers("p1")).map(({ id }) => id).sort();
    await stopAgent("SIGKILL");
    await assign("p2");
    await startAgent();
    await eventually(() => told("p2").includes("ContainerReady") || undefined, 20_000);
    expect((await containers("p1")).map(({ id }) => id).sort()).toEqual(before);
  }, 60_000);

  it("rides out a restart of NATS: what happened meanwhile is told afterwards", async () => {
    await nats.kill();
    const app = (await containers("p1")).find(({ labels }) => labels[LABEL.container] === "app");
    const { state } = await engine.containers.inspect(app?.id ?? "");
    process.kill(state.pid, "SIGKILL");
    await eventually(async () => {
      const now = (await containers("p1")).filter(({ status }) => status === "running");
      return now.some(({ labels }) => labels[LABEL.restartCount] === "1") || undefined;
    }, 10_000);
    await nats.restart();
    await eventually(() => told("p1").includes("ContainerExited") || undefined, 30_000);
    await eventually(() => told("p1").filter((type) => type === "ContainerStarted").length >= 2 || undefined, 10_000);
  }, 90_000);

  it("leaves its pods running when it is stopped, and ends well", async () => {
    const before = (await containers("p1")).filter(({ status }) => status === "running").length;
    expect(await stopAgent("SIGTERM")).toBe(0);
    expect((await containers("p1")).filter(({ status }) => status === "running")).toHaveLength(before);
  }, 20_000);
});
