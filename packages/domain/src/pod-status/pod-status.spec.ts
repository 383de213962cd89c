import { DeciderSpecification } from "@slipway/testkit";
import { podStatusDecider } from "./decider.ts";
import type { PodStatusEvent } from "./events.ts";

const status = DeciderSpecification.for(podStatusDecider);
const time = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

const sandbox = (id: string, at: number): PodStatusEvent => ({
  type: "PodSandboxStarted",
  data: { uid: "u1", node: "n1", podIP: "10.1.0.2", hostIP: "192.0.2.1", sandboxId: id, at: time(at) },
});
const lost = (at: number): PodStatusEvent => ({
  type: "PodSandboxLost",
  data: { uid: "u1", node: "n1", reason: "Removed", at: time(at) },
});
const started = (id: string, at: number): PodStatusEvent => ({
  type: "ContainerStarted",
  data: { uid: "u1", container: "web", containerID: id, image: "web:1", restartCount: 0, at: time(at) },
});
const exited = (id: string, at: number): PodStatusEvent => ({
  type: "ContainerExited",
  data: { uid: "u1", container: "web", containerID: id, exitCode: 1, reason: "Error", finishedAt: time(at) },
});
const waiting = (reason: string, at: number): PodStatusEvent => ({
  type: "ContainerWaiting",
  data: { uid: "u1", container: "web", reason, at: time(at) },
});
const ready = (at: number): PodStatusEvent => ({
  type: "ContainerReady",
  data: { uid: "u1", container: "web", at: time(at) },
});
const notReady = (at: number): PodStatusEvent => ({
  type: "ContainerNotReady",
  data: { uid: "u1", container: "web", reason: "Unhealthy", at: time(at) },
});
const stopped: PodStatusEvent = { type: "PodStopped", data: { uid: "u1", node: "n1", at: time(99) } };

const observe = (...events: PodStatusEvent[]) => ({ type: "ObservePod", uid: "u1", events }) as const;

describe("what an agent reports of a pod", () => {
  const life = [sandbox("s1", 0), waiting("ContainerCreating", 1), started("c1", 2), ready(3)];

  it("is stored as it was seen", () => {
    status.when(observe(...life)).then(life);
  });

  it("is stored once, however often it is said", () => {
    status
      .given(life)
      .when(observe(...life))
      .thenNothingHappened();
    status
      .given([...life, exited("c1", 4), waiting("CrashLoopBackOff", 5), started("c2", 6)])
      .when(observe(...life))
      .thenNothingHappened();
  });

  it("adds only what is new in a report that overlaps", () => {
    status
      .given(life)
      .when(observe(ready(3), exited("c1", 4)))
      .then([exited("c1", 4)]);
  });

  it("says that a container ended once for each run", () => {
    status
      .given([...life, exited("c1", 4)])
      .when(observe(exited("c1", 4)))
      .thenNothingHappened();
    status
      .given([...life, exited("c1", 4), started("c2", 5)])
      .when(observe(exited("c1", 4), exited("c2", 6)))
      .then([exited("c2", 6)]);
  });

  it("believes the end of the run that is known even when two clocks disagree", () => {
    status
      .given([started("c1", 2), ready(9)])
      .when(observe(exited("c1", 8)))
      .then([exited("c1", 8)]);
  });

  it("takes the end of a container that never ran", () => {
    const end = exited("", 2);
    status
      .given([waiting("ContainerCreating", 1)])
      .when(observe(end))
      .then([end]);
  });

  it("does not let an older word hide a container that runs", () => {
    status
      .given(life)
      .when(observe(waiting("ContainerCreating", 1)))
      .thenNothingHappened();
  });

  it("changes readiness only of what runs, and only when it is other than before", () => {
    status.when(observe(ready(1))).thenNothingHappened();
    status
      .given(life)
      .when(observe(ready(8)))
      .thenNothingHappened();
    status
      .given(life)
      .when(observe(notReady(8), ready(9)))
      .then([notReady(8), ready(9)]);
  });

  it("starts everything anew in a new sandbox", () => {
    const again = [lost(10), sandbox("s2", 11), started("c2", 12)];
    status
      .given(life)
      .when(observe(...again))
      .then(again);
    status
      .given([...life, ...again])
      .when(observe(...life, lost(10)))
      .thenNothingHappened();
  });

  it("takes nothing that begins once the pod has reached its end, but still how its containers ended", () => {
    const failed: PodStatusEvent = { type: "PodFailed", data: { uid: "u1", reason: "Evicted", at: time(5) } };
    status
      .given([...life, failed])
      .when(observe(started("c2", 6), exited("c1", 6)))
      .then([exited("c1", 6)]);
  });

  it("takes nothing after the pod is gone from its node", () => {
    status
      .given([...life, stopped])
      .when(observe(exited("c1", 100), stopped))
      .thenNothingHappened();
  });

  it("begins anew with another pod of the same name", () => {
    const other: PodStatusEvent = { type: "PodStopped", data: { uid: "u2", node: "n1", at: time(1) } };
    status
      .given([...life, stopped])
      .when({ type: "ObservePod", uid: "u2", events: [other] })
      .then([other]);
    status.given([...life, other]).thenState({ status: "live", uid: "u2", containers: {}, stopped: true });
  });

  it("leaves out what is said of another pod than the report's", () => {
    status.when({ type: "ObservePod", uid: "u2", events: [stopped] }).thenNothingHappened();
  });
});
