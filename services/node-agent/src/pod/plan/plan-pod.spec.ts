import type { PodSpecJson } from "@slipway/proto";
import type { ObservedContainer, ObservedSandbox } from "./observed-pod.ts";
import { type PodPlan, planPod } from "./plan-pod.ts";
import type { PodInput } from "./pod-input.ts";
import { NOTHING_REPORTED, newPodRecord } from "./pod-record.ts";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const SANDBOX: ObservedSandbox = { id: "sb", count: 0, running: true, ip: "10.88.0.2", startedAt: at(-60) };
const RUNNING: ObservedContainer = {
  id: "c0",
  name: "app",
  restartCount: 0,
  backoffStep: 0,
  specHash: "h",
  sandboxId: "sb",
  stopSignal: "SIGTERM",
  image: "web:1",
  imageId: "sha256:1",
  state: "running",
  cannotRun: false,
  exitCode: 0,
  oomKilled: false,
  error: "",
  startedAt: at(-60),
  finishedAt: "",
  logTail: "",
};
const dead = (more: Partial<ObservedContainer> = {}): ObservedContainer => ({
  ...RUNNING,
  state: "dead",
  exitCode: 1,
  finishedAt: at(-1),
  ...more,
});

const plan = (more: Partial<PodInput> & { spec?: PodSpecJson } = {}): PodPlan => {
  const { spec, ...input } = more;
  const pod = {
    metadata: { uid: "u1", name: "web-1", namespace: "demo" },
    spec: spec ?? { containers: [{ name: "app", image: "web:1" }] },
  };
  return planPod({
    wish: { type: "run", value: { pod } },
    record: newPodRecord("u1", "demo", "web-1"),
    reported: NOTHING_REPORTED,
    observed: { sandboxes: [SANDBOX], containers: [RUNNING] },
    images: new Map([["app", { status: "present", id: "sha256:1", stopSignal: "" }]]),
    failures: new Map(),
    probes: new Map(),
    specHashes: new Map([["app", "h"]]),
    drained: false,
    node: "n1",
    hostIP: "192.0.2.1",
    nowMs: NOW,
    ...input,
  });
};
const types = ({ events }: PodPlan) => events.map(({ type }) => type);
/** The plan of the next look, when nothing but time has passed. */
const next = (before: PodPlan, more: Parameters<typeof plan>[0] = {}) =>
  plan({ record: before.record, reported: before.reported, ...more });

describe("one step of a pod", () => {
  it("is nothing when all is as it should be, and all was told", () => {
    const first = plan();
    expect(types(first)).toEqual(["PodSandboxStarted", "ContainerStarted", "ContainerReady"]);
    const second = next(first);
    expect(second).toMatchObject({ actions: [], events: [], next: { type: "done" } });
    expect(second.record).toBe(first.record);
  });

  it("is the same for the same input, the ids of its events included", () => {
    expect(plan()).toEqual(plan());
  });

  it("makes the sandbox while the image is pulled", () => {
    const first = plan({
      observed: { sandboxes: [], containers: [] },
      images: new Map([["app", { status: "absent" }]]),
    });
    expect(first.actions).toEqual([
      { type: "pull", container: "app" },
      { type: "make-sandbox", count: 0 },
    ]);
  });

  it("removes what is not of the pod, and sandboxes that do not run", () => {
    const gone: ObservedSandbox = { ...SANDBOX, id: "old", running: false };
    const stranger: ObservedContainer = { ...RUNNING, id: "x", name: "stranger" };
    const { actions } = plan({ observed: { sandboxes: [SANDBOX, gone], containers: [RUNNING, stranger] } });
    expect(actions).toEqual([
      { type: "remove", id: "x" },
      { type: "remove", id: "old" },
    ]);
  });

  it("starts a container that was made and not started", () => {
    const made: ObservedContainer = { ...RUNNING, state: "made" };
    const { actions } = plan({ observed: { sandboxes: [SANDBOX], containers: [made] } });
    expect(actions).toEqual([{ type: "start-container", container: "app", id: "c0" }]);
  });

  it("waits with the next sandbox after one that could not be started, and says why", () => {
    const sandboxFailure = { reason: "CreateContainerError", message: "no", failedAtMs: NOW, retryAtMs: NOW + 500 };
    const waiting = plan({ observed: { sandboxes: [], containers: [] }, sandboxFailure });
    expect(waiting.actions).toEqual([]);
    expect(types(waiting)).toEqual(["ContainerWaiting"]);
    expect(waiting.next).toEqual({ type: "retryAt", atMs: NOW + 500 });
  });
});

describe("a container whose liveness probe failed", () => {
  const probes = new Map([["c0", { livenessFailure: "Liveness probe failed: refused" }]]);

  it("gets its stop signal, KILL at the end of its grace, and is told as ended for that reason", () => {
    const told = plan();
    const first = next(told, { probes });
    expect(first.actions).toEqual([{ type: "signal", id: "c0", signal: "SIGTERM" }]);
    expect(first.next).toEqual({ type: "retryAt", atMs: NOW + 30_000 });
    const late = next(first, { probes, nowMs: NOW + 30_000 });
    expect(late.actions).toEqual([{ type: "signal", id: "c0", signal: "SIGKILL" }]);
    const ended = next(late, { observed: { sandboxes: [SANDBOX], containers: [dead({ exitCode: 137 })] } });
    expect(ended.events[0]?.data).toMatchObject({ reason: "LivenessProbeFailed", exitCode: 137, signal: 9 });
    expect(ended.actions).toMatchObject([{ type: "run-container", restartCount: 1, backoffStep: 1 }]);
  });
});

describe("a container with a readiness probe", () => {
  const spec: PodSpecJson = {
    containers: [{ name: "app", image: "web:1", readinessProbe: { tcpSocket: { port: 1 } } }],
  };
  const probes = (ready: boolean) => new Map([["c0", { ready, readyMessage: "refused" }]]);

  it("is ready when the probe says so, and each change is told once", () => {
    const first = plan({ spec });
    expect(types(first)).toEqual(["PodSandboxStarted", "ContainerStarted"]);
    const ready = next(first, { spec, probes: probes(true) });
    expect(types(ready)).toEqual(["ContainerReady"]);
    expect(types(next(ready, { spec, probes: probes(true) }))).toEqual([]);
    const unready = next(ready, { spec, probes: probes(false) });
    expect(unready.events[0]?.data).toMatchObject({ reason: "ReadinessProbeFailed", message: "refused" });
  });
});

describe("a container that ended", () => {
  const after = (more: Partial<ObservedContainer>, spec?: PodSpecJson) =>
    plan({ observed: { sandboxes: [SANDBOX], containers: [dead(more)] }, ...(spec && { spec }) });
  const policy = (restartPolicy: string): PodSpecJson => ({
    containers: [{ name: "app", image: "web:1" }],
    restartPolicy,
  });

  it.each([
    [{ exitCode: 0 }, { reason: "Completed", signal: 0, exitCode: 0 }],
    [
      { exitCode: 1, logTail: "boom" },
      { reason: "Error", message: "boom" },
    ],
    [{ exitCode: 143 }, { reason: "Error", signal: 15 }],
    [
      { exitCode: 137, oomKilled: true },
      { reason: "OOMKilled", signal: 9, oomKilled: true },
    ],
    [
      { exitCode: 127, cannotRun: true, error: "no such file" },
      { reason: "ContainerCannotRun", signal: 0, message: "no such file" },
    ],
  ])("with %j is told as %j", (ended, facts) => {
    const exit = after(ended).events.find(({ type }) => type === "ContainerExited");
    expect(exit?.data).toMatchObject(facts);
  });

  it.each([
    ["Always", 0, "run-container"],
    ["Always", 1, "run-container"],
    ["OnFailure", 1, "run-container"],
    ["OnFailure", 0, undefined],
    ["Never", 1, undefined],
  ])("with the policy %s and code %i: %s", (restartPolicy, exitCode, action) => {
    expect(after({ exitCode }, policy(restartPolicy)).actions[0]?.type).toBe(action);
  });

  it("ends the pod when no container is to run again", () => {
    const first = after({ exitCode: 3 }, policy("Never"));
    expect(first.record.finished).toMatchObject({ succeeded: false, message: "container app exited with 3" });
    const second = next(first, {
      spec: policy("Never"),
      observed: { sandboxes: [SANDBOX], containers: [dead({ exitCode: 3 })] },
    });
    expect(types(second)).toEqual(["PodFailed"]);
    expect(second.actions).toEqual([{ type: "remove", id: "sb" }]);
  });

  it("is not told again after its end was taken in, whatever the agent has forgotten", () => {
    const record = { ...newPodRecord("u1", "demo", "web-1"), toldExits: ["c0"] };
    const { events } = plan({ record, observed: { sandboxes: [SANDBOX], containers: [dead()] } });
    expect(events.map(({ type }) => type)).toEqual(["PodSandboxStarted"]);
  });

  it("runs again at once when its sandbox was lost, however often it crashed before", () => {
    const record = { ...newPodRecord("u1", "demo", "web-1"), sandboxId: "old" };
    const containers = [dead({ sandboxId: "old", backoffStep: 5, restartCount: 5 })];
    const { actions } = plan({ record, observed: { sandboxes: [SANDBOX], containers } });
    expect(actions).toMatchObject([{ type: "run-container", restartCount: 6, backoffStep: 5 }]);
  });
});

describe("a pod that is to end", () => {
  const wish = (graceSeconds: number): PodInput["wish"] => {
    const { value } = { value: { pod: { metadata: { uid: "u1" }, spec: { containers: [] } } } };
    return { type: "end", graceSeconds, value };
  };

  it("is taken out of the traffic before it gets a signal", () => {
    const first = next(plan(), { wish: wish(30) });
    expect(types(first)).toEqual(["ContainerNotReady"]);
    expect(first.actions).toEqual([{ type: "drain" }]);
    const second = next(first, { wish: wish(30), drained: true });
    expect(second.actions).toEqual([{ type: "signal", id: "c0", signal: "SIGTERM" }]);
  });

  it("ends earlier when its grace is cut", () => {
    const first = next(plan(), { wish: wish(30), drained: true });
    expect(first.next).toEqual({ type: "retryAt", atMs: NOW + 30_000 });
    const cut = next(first, { wish: wish(5), drained: true, nowMs: NOW + 1_000 });
    expect(cut).toMatchObject({ actions: [], next: { type: "retryAt", atMs: NOW + 5_000 } });
    const killed = next(cut, { wish: wish(0), drained: true, nowMs: NOW + 2_000 });
    expect(killed.actions).toEqual([{ type: "signal", id: "c0", signal: "SIGKILL" }]);
  });

  it("is told as stopped only once nothing of it is left", () => {
    const first = next(plan(), { wish: wish(0), observed: { sandboxes: [SANDBOX], containers: [dead()] } });
    expect(first.actions.map(({ type }) => type)).toEqual(["remove", "remove"]);
    const second = next(first, { wish: wish(0), observed: { sandboxes: [], containers: [] } });
    expect(second).toMatchObject({ actions: [{ type: "clean" }], events: [], next: { type: "dead" } });
    expect(second.lastEvents.map(({ type }) => type)).toEqual(["PodStopped"]);
  });

  it("is left alone once that is told", () => {
    const reported = { ...NOTHING_REPORTED, stopped: true };
    expect(plan({ wish: wish(0), reported, observed: { sandboxes: [], containers: [] } })).toMatchObject({
      actions: [],
      lastEvents: [],
      next: { type: "done" },
    });
  });
});
