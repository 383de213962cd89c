import type { PodJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { podStatusDecider } from "../pod-status/decider.ts";
import { podDecider } from "./decider.ts";
import type { PodLive } from "./state.ts";
import { podView } from "./view.ts";

const time = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
const pod: PodJson = {
  kind: "Pod",
  metadata: { name: "web", namespace: "demo", uid: "u1" },
  spec: {
    containers: [
      { name: "web", image: "web:1" },
      { name: "side", image: "side:1" },
    ],
  },
};
const created: DomainEvent = { type: "PodCreated", data: { pod } };
const scheduled: DomainEvent = { type: "PodScheduled", data: { uid: "u1", node: "n1" } };
const sandbox: DomainEvent = {
  type: "PodSandboxStarted",
  data: { uid: "u1", node: "n1", podIP: "10.1.0.2", hostIP: "192.0.2.1", sandboxId: "s1", at: time(1) },
};
const started = (container: string, id: string, at: number, restartCount = 0): DomainEvent => ({
  type: "ContainerStarted",
  data: {
    uid: "u1",
    container,
    containerID: id,
    image: `${container}:1`,
    imageID: "sha256:1",
    restartCount,
    at: time(at),
  },
});
const exited = (container: string, id: string, at: number): DomainEvent => ({
  type: "ContainerExited",
  data: {
    uid: "u1",
    container,
    containerID: id,
    exitCode: 137,
    oomKilled: true,
    reason: "OOMKilled",
    startedAt: time(2),
    finishedAt: time(at),
  },
});
const ready = (container: string, at: number): DomainEvent => ({
  type: "ContainerReady",
  data: { uid: "u1", container, at: time(at) },
});
const running = [sandbox, started("web", "w1", 2), started("side", "d1", 2), ready("web", 3), ready("side", 4)];

const viewAfter = (wanted: DomainEvent[], observed: DomainEvent[] = []) =>
  podView(
    wanted.reduce(podDecider.evolve, podDecider.initial) as PodLive,
    observed.reduce(podStatusDecider.evolve, podStatusDecider.initial),
  );
const conditionsOf = (view: PodJson) =>
  Object.fromEntries((view.status?.conditions ?? []).map(({ type, status }) => [type, status]));

describe("podView", () => {
  it("shows a pod that nobody has looked at as Pending, without a word more", () => {
    expect(viewAfter([created]).status).toEqual({ phase: "Pending", conditions: [], qosClass: "BestEffort" });
  });

  it("says why a pod finds no node", () => {
    const view = viewAfter([
      created,
      { type: "PodUnschedulable", data: { uid: "u1", message: "0/1 nodes are available." } },
    ]);
    expect(view.status?.conditions).toEqual([
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available." },
    ]);
  });

  it("shows the containers of a placed pod as being created until more is heard", () => {
    const view = viewAfter([created, scheduled]);
    expect(view.spec?.nodeName).toBe("n1");
    expect(view.status?.phase).toBe("Pending");
    expect(view.status?.containerStatuses?.[0]).toEqual({
      name: "web",
      image: "web:1",
      state: { waiting: { reason: "ContainerCreating" } },
      ready: false,
      restartCount: 0,
    });
    expect(conditionsOf(view)).toMatchObject({
      PodScheduled: "True",
      PodReadyToStartContainers: "False",
      Ready: "False",
    });
  });

  it("is Pending until every container has run, and ready when every container is", () => {
    expect(viewAfter([created, scheduled], [sandbox, started("web", "w1", 2), ready("web", 3)]).status).toMatchObject({
      phase: "Pending",
      conditions: expect.arrayContaining([
        expect.objectContaining({ type: "Ready", status: "False", message: "containers with unready status: [side]" }),
      ]),
    });
    const view = viewAfter([created, scheduled], running);
    expect(view.status).toMatchObject({ phase: "Running", podIP: "10.1.0.2", hostIP: "192.0.2.1", startTime: time(1) });
    expect(view.status?.conditions).toContainEqual({ type: "Ready", status: "True", lastTransitionTime: time(4) });
    expect(Object.values(conditionsOf(view))).toEqual(["True", "True", "True", "True", "True"]);
  });

  it("shows how a container ended while it is started again, and stays Running", () => {
    const crashed: DomainEvent = {
      type: "ContainerWaiting",
      data: { uid: "u1", container: "web", reason: "CrashLoopBackOff", message: "back-off 10s", at: time(6) },
    };
    const view = viewAfter([created, scheduled], [...running, exited("web", "w1", 5), crashed]);
    expect(view.status?.phase).toBe("Running");
    expect(view.status?.containerStatuses?.[0]).toMatchObject({
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: time(5), containerID: "w1" } },
      ready: false,
    });
    expect(conditionsOf(view)).toMatchObject({ Ready: "False" });
  });

  it("shows the end before the last one beside a container that has ended", () => {
    const view = viewAfter(
      [created, scheduled],
      [...running, exited("web", "w1", 5), started("web", "w2", 6, 1), exited("web", "w2", 7)],
    );
    expect(view.status?.containerStatuses?.[0]).toMatchObject({
      state: { terminated: { containerID: "w2" } },
      lastState: { terminated: { containerID: "w1" } },
      restartCount: 1,
    });
  });

  it("has no address while its sandbox is made anew", () => {
    const lost: DomainEvent = { type: "PodSandboxLost", data: { uid: "u1", at: time(8) } };
    const view = viewAfter([created, scheduled], [...running, lost]);
    expect(view.status?.podIP).toBeUndefined();
    expect(view.status?.phase).toBe("Running");
    expect(view.status?.containerStatuses?.[0]?.state).toEqual({ waiting: { reason: "ContainerCreating" } });
  });

  it("shows how a pod ended", () => {
    const failed: DomainEvent = {
      type: "PodFailed",
      data: { uid: "u1", reason: "Evicted", message: "disk", at: time(9) },
    };
    expect(viewAfter([created, scheduled], [...running, failed]).status).toMatchObject({
      phase: "Failed",
      reason: "Evicted",
      message: "disk",
    });
    const succeeded: DomainEvent = { type: "PodSucceeded", data: { uid: "u1", at: time(9) } };
    const view = viewAfter([created, scheduled], [...running, succeeded]);
    expect(view.status?.conditions).toContainEqual(
      expect.objectContaining({ type: "Ready", status: "False", reason: "PodCompleted" }),
    );
  });

  it("says when a pod that is being deleted should be gone", () => {
    const deletion: DomainEvent = {
      type: "PodDeletionRequested",
      data: { uid: "u1", gracePeriodSeconds: 30, at: time(10), reason: "Deleted" },
    };
    expect(viewAfter([created, scheduled, deletion], running).metadata).toMatchObject({
      deletionTimestamp: time(40),
      deletionGracePeriodSeconds: 30,
    });
  });

  it("shows nothing of an earlier pod of the same name", () => {
    const earlier = running.map((event) => ({ ...event, data: { ...event.data, uid: "u0" } }) as DomainEvent);
    expect(viewAfter([created, scheduled], earlier)).toEqual(viewAfter([created, scheduled]));
  });
});
