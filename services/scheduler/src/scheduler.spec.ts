import type { AssignmentValue } from "@slipway/domain";
import { seededRandom } from "@slipway/kernel";
import { createLogger, startComponents } from "@slipway/runtime";
import { eventually, type MemoryPlatform, memoryPlatform } from "@slipway/testkit";
import { createScheduler, type Scheduler } from "./scheduler.ts";

const logger = createLogger({ service: "scheduler", level: "silent" });

let platform: MemoryPlatform;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  platform = await memoryPlatform();
});

afterEach(async () => {
  for (const part of running.splice(0)) await part.stop();
  await platform.stop();
});

const start = async (more: Partial<Parameters<typeof createScheduler>[0]> = {}): Promise<Scheduler> => {
  const { log, bus, clock } = platform;
  const scheduler = createScheduler({
    log,
    bus,
    clock,
    logger,
    random: seededRandom(1),
    nodeLeaseMs: 60_000,
    nodeTolerationMs: 60_000,
    ...more,
  });
  running.push(await startComponents([scheduler]));
  return scheduler;
};

const addNode = async (name: string, cpu = "2") => {
  const node = { metadata: { name, uid: name }, status: { allocatable: { cpu, memory: "2Gi", pods: 10 } } };
  await platform.append(`node/_/${name}`, { type: "NodeRegistered", data: { node } });
  await platform.append(`node/_/${name}`, { type: "NodeReady", data: { at: "2026-01-01T00:00:00Z" } });
};

const addPod = (name: string, cpu = "100m") =>
  platform.append(`pod/demo/${name}`, {
    type: "PodCreated",
    data: {
      pod: {
        metadata: { name, namespace: "demo", uid: name },
        spec: { containers: [{ name: "c", image: "i", resources: { requests: { cpu } } }] },
      },
    },
  });

const nodeOf = (scheduler: Scheduler, name: string) => scheduler.follower()?.state.pods.get("demo", name)?.state.node;

const assignments = async () =>
  (await platform.bus.assignments.list()).map(({ key }) => `${key.node}/${key.uid}`).sort();

describe("the scheduler", () => {
  it("binds a pod, keeps the verdicts in the event and writes its assignment", async () => {
    await addNode("n1");
    const scheduler = await start();
    await addPod("web");
    await eventually(() => nodeOf(scheduler, "web"));
    await eventually(async () => (await assignments()).length === 1 || undefined);
    const scheduled = (await platform.log.readStream("pod/demo/web")).find(({ type }) => type === "PodScheduled");
    expect(scheduled).toMatchObject({
      meta: { actor: "service:scheduler" },
      data: { node: "n1", explanation: { nodesEvaluated: 1 } },
    });
    const [assignment] = await platform.bus.assignments.list({ node: "n1" });
    expect((assignment?.value as AssignmentValue | undefined)?.pod.spec?.nodeName).toBe("n1");
  });

  it("does not put more on a node than it has, and places the rest when there is room", async () => {
    await addNode("n1", "1");
    const scheduler = await start();
    for (const name of ["a", "b", "c"]) await addPod(name, "400m");
    const unschedulable = await eventually(() =>
      ["a", "b", "c"].find((name) => scheduler.follower()?.state.pods.get("demo", name)?.state.unschedulable),
    );
    expect(scheduler.follower()?.state.pods.get("demo", unschedulable)?.state.unschedulable?.message).toBe(
      "0/1 nodes are available: 1 Insufficient cpu.",
    );
    await addNode("n2", "1");
    expect(await eventually(() => nodeOf(scheduler, unschedulable))).toBe("n2");
  });

  it("says only once that a pod fits nowhere", async () => {
    const scheduler = await start();
    await addPod("web");
    await eventually(() => scheduler.follower()?.state.pods.get("demo", "web")?.state.unschedulable);
    await addPod("other");
    await eventually(() => scheduler.follower()?.state.pods.get("demo", "other")?.state.unschedulable);
    const events = await platform.log.readStream("pod/demo/web");
    expect(events.map(({ type }) => type)).toEqual(["PodCreated", "PodUnschedulable"]);
  });

  it("binds a pod once when two schedulers decide", async () => {
    await addNode("n1");
    await addNode("n2");
    const [one] = await Promise.all([start(), start()]);
    for (let i = 0; i < 20; i++) await addPod(`p${i}`, "10m");
    for (let i = 0; i < 20; i++) await eventually(() => nodeOf(one as Scheduler, `p${i}`));
    for (let i = 0; i < 20; i++) {
      const events = await platform.log.readStream(`pod/demo/p${i}`);
      expect(events.filter(({ type }) => type === "PodScheduled")).toHaveLength(1);
    }
  });

  it("takes the assignment away with the pod, also one that was left by an earlier run", async () => {
    await addNode("n1");
    await platform.bus.assignments.put(
      { node: "n1", uid: "ghost" },
      { pod: { metadata: { name: "ghost", namespace: "demo" } } },
    );
    const scheduler = await start();
    expect(await assignments()).toEqual([]);
    await addPod("web");
    await eventually(() => nodeOf(scheduler, "web"));
    await eventually(async () => (await assignments()).includes("n1/web") || undefined);
    await platform.append("pod/demo/web", {
      type: "PodDeletionRequested",
      data: { uid: "web", gracePeriodSeconds: 5, at: "x", reason: "Deleted" },
    });
    await eventually(
      async () => ((await platform.bus.assignments.list())[0]?.value as AssignmentValue | undefined)?.deletion,
    );
    await platform.append("pod/demo/web", { type: "PodDeleted", data: { uid: "web", reason: "Deleted" } });
    await eventually(async () => (await assignments()).length === 0 || undefined);
  });

  it("writes every assignment anew when the feed is lost", async () => {
    await addNode("n1");
    const scheduler = await start();
    await addPod("web");
    await eventually(() => nodeOf(scheduler, "web"));
    await eventually(async () => (await assignments()).length === 1 || undefined);
    platform.bus.wipe();
    expect(await eventually(async () => (await assignments().catch(() => [])).find(Boolean), 20_000)).toBe("n1/web");
  }, 30_000);

  it("hears heartbeats, misses them, and gives up the pods of a lost node", async () => {
    const node = { metadata: { name: "n1", uid: "n1" }, status: { allocatable: { cpu: "2", memory: "2Gi" } } };
    await platform.append("node/_/n1", { type: "NodeRegistered", data: { node } });
    const scheduler = await start({ nodeLeaseMs: 1_500, nodeTolerationMs: 200 });
    const beat = setInterval(() => platform.bus.heartbeats.publish("n1", {}), 100);
    await eventually(() => scheduler.follower()?.state.nodes.get("", "n1")?.state.ready === true || undefined);
    await addPod("web");
    await eventually(() => nodeOf(scheduler, "web"));
    clearInterval(beat);
    await eventually(() => scheduler.follower()?.state.nodes.get("", "n1")?.state.ready === false || undefined, 10_000);
    const deletion = await eventually(
      () => scheduler.follower()?.state.pods.get("demo", "web")?.state.deletion,
      10_000,
    );
    expect(deletion.reason).toBe("NodeLost");
  }, 30_000);
});
