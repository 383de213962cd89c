import { type FakeEngine, fakeCommand, fakeEngine } from "@slipway/containers";
import { eventually, type ManualClock, manualClock } from "@slipway/testkit";
import { LABEL } from "../container/plan/labels.ts";
import { onePod, type PodsHarness, podsHarness } from "../testing/pods-harness.ts";

const START = Date.parse("2026-01-01T00:00:00Z");

let clock: ManualClock;
let engine: FakeEngine;
let node: PodsHarness;

beforeEach(async () => {
  clock = manualClock(START);
  engine = fakeEngine({ clock });
  engine.addImage("pause:1", { stopSignal: "SIGKILL" });
  engine.addImage("web:1");
  node = await podsHarness(engine, clock);
});

afterEach(() => node.stop());

const listed = (labels: Record<string, string>) => engine.containers.list({ labels, all: true });
const running = async (uid: string, container = "app") => {
  const all = await listed({ [LABEL.podUid]: uid, [LABEL.container]: container });
  return all.find(({ status }) => status === "running");
};
const runningCount = async (uid: string, count: number) => {
  const found = await running(uid);
  return found !== undefined && Number(found.labels[LABEL.restartCount]) === count ? found : undefined;
};
const sandbox = async (uid: string) => {
  const all = await listed({ [LABEL.podUid]: uid, [LABEL.role]: "sandbox" });
  return all.find(({ status }) => status === "running");
};
const toldOf = (uid: string, word: string) => eventually(() => node.told(uid).find((line) => line === word));
const deletion = (gracePeriodSeconds: number) => ({
  gracePeriodSeconds,
  at: "2026-01-01T00:00:00Z",
  reason: "Deleted",
});

describe("a pod on its node", () => {
  it("gets a sandbox and all its containers in it, and each step is told", async () => {
    engine.addImage("side:2");
    await node.assign("u1", {
      containers: [
        { name: "app", image: "web:1" },
        { name: "side", image: "side:2" },
      ],
    });
    await eventually(async () => (await running("u1", "app")) && (await running("u1", "side")));
    const app = await running("u1", "app");
    const { networkMode } = await engine.containers.inspect(app?.id ?? "");
    expect(networkMode).toBe(`container:${(await sandbox("u1"))?.id}`);
    await toldOf("u1", "ContainerReady side");
    expect(node.told("u1")[0]).toBe("PodSandboxStarted");
    expect(node.told("u1").slice(1).sort()).toEqual([
      "ContainerReady app",
      "ContainerReady side",
      "ContainerStarted app",
      "ContainerStarted side",
    ]);
    expect(node.events("u1", "PodSandboxStarted")[0]).toMatchObject({ uid: "u1", node: "n1", hostIP: "192.0.2.1" });
    expect(node.events("u1", "ContainerStarted")[0]).toMatchObject({ image: "web:1", restartCount: 0 });
  });

  it("is running again at once after its main process was killed, and the end is told with its facts", async () => {
    await node.assign("u1", onePod());
    const first = await eventually(() => running("u1"));
    engine.crash(first.id, 137);
    await eventually(() => runningCount("u1", 1));
    await toldOf("u1", "ContainerExited app Error");
    expect(node.events("u1", "ContainerExited")[0]).toMatchObject({ exitCode: 137, signal: 9, containerID: first.id });
    expect(clock.now()).toBe(START);
  });

  it("waits 0, 10, 20, 40, 80, 160, 300 and 300 seconds between restarts of a container that crashes", async () => {
    await node.assign("u1", onePod());
    for (const [count, seconds] of [0, 10, 20, 40, 80, 160, 300, 300].entries()) {
      const current = await eventually(() => runningCount("u1", count));
      engine.crash(current.id, 1);
      if (seconds > 0) {
        const waits = () => node.events("u1", "ContainerWaiting").length === count || undefined;
        await eventually(waits);
        await clock.advance(seconds * 1_000 - 1);
        expect(await running("u1")).toBeUndefined();
        await clock.advance(1);
      }
      await eventually(() => runningCount("u1", count + 1));
    }
    const reasons = node.events("u1", "ContainerWaiting").map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(["CrashLoopBackOff"]));
    expect(node.events("u1", "ContainerWaiting")[1]?.message).toBe(
      "back-off 20s restarting failed container=app pod=pod-u1_demo(u1)",
    );
  });

  it("is told again, its end before the restart too, when the bus has lost what it held", async () => {
    await node.assign("u1", onePod());
    engine.crash((await eventually(() => running("u1"))).id, 137);
    await eventually(() => runningCount("u1", 1));
    const times = (type: string) => node.events("u1", type).length;
    await eventually(() => (times("ContainerStarted") === 2 && times("ContainerExited") === 1) || undefined);
    await node.loseBus(() => node.assign("u1", onePod()));
    await eventually(() => (times("ContainerStarted") === 4 && times("ContainerExited") === 2) || undefined);
    expect(node.events("u1", "PodSandboxStarted")).toHaveLength(2);
    expect(node.told("u1").filter((word) => word.startsWith("ContainerExited"))).toHaveLength(1);
    expect((await listed({ [LABEL.podUid]: "u1", [LABEL.role]: "app" })).map(({ status }) => status).sort()).toEqual([
      "exited",
      "running",
    ]);
  });

  it("counts as good again after ten minutes of running", async () => {
    await node.assign("u1", onePod());
    engine.crash((await eventually(() => runningCount("u1", 0))).id, 1);
    const second = await eventually(() => runningCount("u1", 1));
    await clock.advance(10 * 60_000);
    engine.crash(second.id, 1);
    await eventually(() => runningCount("u1", 2));
    expect(node.events("u1", "ContainerWaiting")).toEqual([]);
  });

  it("keeps its back-off over a restart of the agent", async () => {
    await node.assign("u1", onePod());
    engine.crash((await eventually(() => runningCount("u1", 0))).id, 1);
    engine.crash((await eventually(() => runningCount("u1", 1))).id, 1);
    await toldOf("u1", "ContainerWaiting app CrashLoopBackOff");
    await node.restartAgent();
    await clock.advance(9_999);
    expect(await running("u1")).toBeUndefined();
    await clock.advance(1);
    await eventually(() => runningCount("u1", 2));
  });

  it("keeps the last dead container for its logs, and no older one", async () => {
    await node.assign("u1", onePod());
    engine.crash((await eventually(() => runningCount("u1", 0))).id, 1);
    engine.crash((await eventually(() => runningCount("u1", 1))).id, 1);
    await toldOf("u1", "ContainerWaiting app CrashLoopBackOff");
    await clock.advance(10_000);
    await eventually(() => runningCount("u1", 2));
    const left = await eventually(async () => {
      const all = await listed({ [LABEL.podUid]: "u1", [LABEL.role]: "app" });
      return all.length === 2 ? all : undefined;
    });
    expect(left.map(({ labels }) => labels[LABEL.restartCount]).sort()).toEqual(["1", "2"]);
  });

  it("is adopted by the next agent without a container being touched, and its story goes on", async () => {
    await node.assign("u1", onePod());
    const before = await eventually(() => running("u1"));
    await toldOf("u1", "ContainerReady app");
    const told = node.told("u1");
    await node.stopAgent();
    const looks = engine.calls.length;
    await node.startAgent();
    await eventually(() => engine.calls.slice(looks).includes(`containers.inspect ${before.id}`) || undefined);
    expect((await running("u1"))?.id).toBe(before.id);
    expect(node.told("u1")).toEqual(told);
    expect(engine.calls.filter((call) => call.startsWith("containers.start"))).toHaveLength(2);
    engine.crash(before.id, 1);
    await eventually(() => runningCount("u1", 1));
    await eventually(() => node.told("u1").length === told.length + 3 || undefined);
    expect(node.told("u1")).toEqual([
      ...told,
      "ContainerExited app Error",
      "ContainerStarted app",
      "ContainerReady app",
    ]);
  });

  it("is whole again after its container was removed by hand", async () => {
    await node.assign("u1", onePod());
    const first = await eventually(() => running("u1"));
    await engine.containers.remove(first.id, { force: true });
    await eventually(() => runningCount("u1", 1));
    await toldOf("u1", "ContainerExited app Error");
  });

  it("is whole again, with another address, after its sandbox was removed by hand", async () => {
    await node.assign("u1", onePod());
    await eventually(() => running("u1"));
    const before = await sandbox("u1");
    await engine.containers.remove(before?.id ?? "", { force: true });
    await eventually(() => runningCount("u1", 1));
    const after = await sandbox("u1");
    expect(after?.id).not.toBe(before?.id);
    await toldOf("u1", "PodSandboxLost");
    await eventually(() => node.events("u1", "PodSandboxStarted").length === 2 || undefined);
    const { networkMode } = await engine.containers.inspect((await running("u1"))?.id ?? "");
    expect(networkMode).toBe(`container:${after?.id}`);
  });

  it("starts anew after the host was started anew", async () => {
    await node.assign("u1", onePod());
    await eventually(() => running("u1"));
    engine.reboot();
    await eventually(() => runningCount("u1", 1));
    expect(await sandbox("u1")).toBeDefined();
  });

  it("comes up from what the agent remembers when a host boots without the bus", async () => {
    await node.assign("u1", onePod());
    await eventually(() => running("u1"));
    await node.stopAgent();
    node.bus.partition("");
    engine.reboot();
    const starting = node.startAgent();
    node.bus.heal("");
    await starting;
    await eventually(() => runningCount("u1", 1));
  });

  it("ends in order: not ready, stop signal, KILL at the end of the grace, then nothing is left", async () => {
    await node.assign("u1", onePod({ command: fakeCommand({ ignoresTerm: true }) }));
    await toldOf("u1", "ContainerReady app").catch(() => {});
    await node.assign("u1", onePod({ command: fakeCommand({ ignoresTerm: true }) }), deletion(30));
    await toldOf("u1", "ContainerNotReady app");
    await eventually(() => engine.calls.some((call) => call.startsWith("containers.kill")) || undefined);
    await clock.advance(29_999);
    expect(await running("u1")).toBeDefined();
    await clock.advance(1);
    await toldOf("u1", "PodStopped");
    expect(await listed({ [LABEL.podUid]: "u1" })).toEqual([]);
    const told = node.told("u1");
    expect(told.slice(-3)).toEqual(["ContainerNotReady app", "ContainerExited app Error", "PodStopped"]);
  });

  it("is killed at once without a grace", async () => {
    await node.assign("u1", onePod({ command: fakeCommand({ ignoresTerm: true }) }));
    await eventually(() => running("u1"));
    await node.assign("u1", onePod({ command: fakeCommand({ ignoresTerm: true }) }), deletion(0));
    await toldOf("u1", "PodStopped");
    expect(clock.now()).toBe(START);
  });

  it("succeeds when all its containers ended well and are not to run again", async () => {
    const program = fakeCommand({ exitAfterMs: 1_000 });
    await node.assign("u1", onePod({ command: program }, { restartPolicy: "OnFailure" }));
    await eventually(() => running("u1"));
    await clock.advance(1_000);
    await toldOf("u1", "PodSucceeded");
    await eventually(async () => (await sandbox("u1")) === undefined || undefined);
    expect(await listed({ [LABEL.podUid]: "u1", [LABEL.role]: "app" })).toHaveLength(1);
  });

  it("fails when a container failed and is never to run again, and stays so after a restart of the agent", async () => {
    const program = fakeCommand({ exitAfterMs: 10, exitCode: 3, stderr: ["no database"] });
    await node.assign("u1", onePod({ command: program }, { restartPolicy: "Never" }));
    await eventually(() => running("u1"));
    await clock.advance(10);
    await toldOf("u1", "PodFailed");
    expect(node.events("u1", "ContainerExited")[0]).toMatchObject({ exitCode: 3, message: "no database" });
    await eventually(async () => (await sandbox("u1")) === undefined || undefined);
    await node.stopAgent();
    const looks = engine.calls.length;
    await node.startAgent();
    await eventually(
      () => engine.calls.slice(looks).filter((call) => call === "containers.list").length > 1 || undefined,
    );
    expect(engine.calls.slice(looks).filter((call) => call.startsWith("containers.create"))).toEqual([]);
  });

  it("is stopped when nobody wants it any more, but only once the node's assignments are known", async () => {
    await node.assign("u1", onePod());
    await eventually(() => running("u1"));
    await node.stopAgent();
    await node.bus.assignments.remove({ node: "n1", uid: "u1" });
    await node.startAgent();
    await eventually(async () => (await listed({ [LABEL.podUid]: "u1" })).length === 0 || undefined);
  });

  it("runs the new image after its image was changed", async () => {
    engine.addImage("web:2");
    await node.assign("u1", onePod());
    await eventually(() => running("u1"));
    await node.assign("u1", onePod({ image: "web:2" }));
    const next = await eventually(() => runningCount("u1", 1));
    expect(next.labels[LABEL.image]).toBe("web:2");
    expect(node.events("u1", "ContainerWaiting")).toEqual([]);
  });

  it("is told as unable to run when its command does not exist, and tried again later", async () => {
    await node.assign("u1", onePod({ command: fakeCommand({ startFails: "ExecutableNotFound" }) }));
    await toldOf("u1", "ContainerExited app ContainerCannotRun");
    await toldOf("u1", "ContainerWaiting app CrashLoopBackOff");
  });

  it("says what is wrong with its own wish, and goes on when that is mended", async () => {
    const env = [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.nothing" } } }];
    await node.assign("u1", onePod({ env }));
    await toldOf("u1", "ContainerWaiting app CreateContainerConfigError");
    expect(node.events("u1", "ContainerWaiting")[0]?.message).toContain("spec.nothing");
    await node.assign("u1", onePod());
    await clock.advance(10_000);
    await eventually(() => running("u1"));
  });
});

describe("an image that is not on the node", () => {
  it("is pulled once for all pods that wait for it", async () => {
    engine.registry.set("new:1", {});
    await Promise.all(["u1", "u2", "u3"].map((uid) => node.assign(uid, onePod({ image: "new:1" }))));
    await eventually(async () => (await running("u1")) && (await running("u2")) && (await running("u3")));
    expect(engine.calls.filter((call) => call.startsWith("images.pull"))).toHaveLength(1);
  });

  it("is tried again after 10 and 20 seconds when it cannot be pulled, and each failure is told", async () => {
    engine.registry.set("new:1", { fails: "NotFound" });
    await node.assign("u1", onePod({ image: "new:1" }));
    const failures = (count: number) =>
      eventually(
        () => node.told("u1").filter((line) => line.endsWith("ImagePullBackOff")).length === count || undefined,
      );
    await failures(1);
    expect(node.told("u1").slice(-2)).toEqual([
      "ContainerWaiting app ErrImagePull",
      "ContainerWaiting app ImagePullBackOff",
    ]);
    await clock.advance(10_000);
    await failures(2);
    engine.registry.set("new:1", {});
    await clock.advance(19_999);
    expect(await running("u1")).toBeUndefined();
    await clock.advance(1);
    await eventually(() => running("u1"));
  });

  it("is never pulled when the container says so", async () => {
    await node.assign("u1", onePod({ image: "new:1", imagePullPolicy: "Never" }));
    await toldOf("u1", "ContainerWaiting app ErrImageNeverPull");
    expect(engine.calls.filter((call) => call.startsWith("images.pull"))).toEqual([]);
  });

  it("never touches the network with IfNotPresent and the image here", async () => {
    await node.assign("u1", onePod({ imagePullPolicy: "IfNotPresent" }));
    await eventually(() => running("u1"));
    expect(engine.calls.filter((call) => call.startsWith("images.pull"))).toEqual([]);
  });

  it("does not keep a container down whose image is here when the registry is not reached", async () => {
    engine.registry.set("web:1", { fails: "Network" });
    await node.assign("u1", onePod({ imagePullPolicy: "Always" }));
    await eventually(() => running("u1"));
    expect(engine.calls.filter((call) => call.startsWith("images.pull"))).toHaveLength(1);
  });
});
