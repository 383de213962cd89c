import type { DomainEvent } from "@slipway/domain";
import type { StoredEvent } from "@slipway/kernel";
import type { PodJson } from "@slipway/proto";
import { ClusterState } from "./cluster-state.ts";

/** A state and a way to add events to its streams. */
const cluster = () => {
  const state = new ClusterState();
  const add = (stream: string, event: DomainEvent | { type: string; data: unknown }) => {
    const position = state.position + 1;
    const stored: StoredEvent = {
      ...event,
      id: String(position),
      position,
      stream,
      version: state.streamVersion(stream) + 1,
      meta: { actor: "test" },
      recordedAt: "",
    };
    return state.apply(stored);
  };
  return { state, add };
};

const pod = (uid: string, labels: Record<string, string> = {}): PodJson => ({
  metadata: { name: "web", namespace: "demo", uid, labels },
  spec: { containers: [{ name: "web", image: "web:1" }] },
});
const owned = (name: string): PodJson => ({
  metadata: {
    name,
    namespace: "demo",
    uid: name,
    labels: { app: "web" },
    ownerReferences: [{ uid: "r1", controller: true }],
  },
  spec: { containers: [{ name: "web", image: "web:1" }] },
});

describe("ClusterState", () => {
  it("says what an event changed, with the object before and after it", () => {
    const { add, state } = cluster();
    const born = add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    expect(born).toMatchObject({ kind: "pod", project: "demo", name: "web", type: "PodCreated", position: 1 });
    expect(born?.before).toBeUndefined();
    expect(born?.after).toBe(state.pods.get("demo", "web"));
    const gone = add("pod/demo/web", { type: "PodDeleted", data: { uid: "u1", reason: "Deleted" } });
    expect(gone?.before).toBe(born?.after);
    expect(gone?.after).toBeUndefined();
  });

  it("replaces entries and leaves those that were handed out alone", () => {
    const { add, state } = cluster();
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    const before = state.pods.get("demo", "web");
    add("pod/demo/web", { type: "PodScheduled", data: { uid: "u1", node: "n1" } });
    expect(before).toMatchObject({ version: 1, position: 1, state: { phase: "unscheduled" } });
    expect(state.pods.get("demo", "web")).toMatchObject({
      version: 2,
      position: 2,
      createdAt: 1,
      state: { node: "n1" },
    });
  });

  it("ignores what it has seen, and counts positions of streams that it does not know", () => {
    const { add, state } = cluster();
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    const again = { id: "1", position: 1, version: 1, meta: { actor: "x" }, recordedAt: "" };
    expect(state.apply({ ...again, stream: "pod/demo/web", type: "PodDeleted", data: { uid: "u1" } })).toBeUndefined();
    expect(state.pods.count()).toBe(1);
    expect(add("secret/demo/x", { type: "SecretCreated", data: {} })).toBeUndefined();
    expect(state.position).toBe(2);
    expect(state.streamVersion("secret/demo/x")).toBe(0);
  });

  it("goes on counting a stream whose object is gone, and keeps what its state remembers", () => {
    const { add, state } = cluster();
    add("buildconfig/demo/web", { type: "BuildConfigCreated", data: { buildConfig: { metadata: { uid: "c1" } } } });
    add("buildconfig/demo/web", { type: "BuildConfigInstantiated", data: { number: 3, build: "web-3" } });
    add("buildconfig/demo/web", { type: "BuildConfigDeleted", data: { uid: "c1" } });
    expect(state.buildConfigs.get("demo", "web")).toBeUndefined();
    expect(state.buildConfigs.version("demo", "web")).toBe(3);
    expect(state.streamState("buildconfig/demo/web")).toEqual({ status: "absent", lastVersion: 3 });
    add("buildconfig/demo/web", { type: "BuildConfigCreated", data: { buildConfig: { metadata: { uid: "c2" } } } });
    expect(state.buildConfigs.get("demo", "web")).toMatchObject({
      version: 4,
      createdAt: 4,
      state: { lastVersion: 3 },
    });
  });

  it("forgets what was observed of a pod with the pod, and hears nothing late about it", () => {
    const { add, state } = cluster();
    const ready = { type: "ContainerStarted", data: { uid: "u1", container: "web", containerID: "c1" } };
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    add("pod-status/demo/web", ready);
    expect(state.podStatuses.get("demo", "web")?.state.uid).toBe("u1");
    add("pod/demo/web", { type: "PodDeleted", data: { uid: "u1" } });
    add("pod-status/demo/web", ready);
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u2") } });
    add("pod-status/demo/web", ready);
    expect(state.podStatuses.get("demo", "web")).toBeUndefined();
    expect(state.podStatuses.version("demo", "web")).toBe(3);
  });

  it("moves a pod between controllers and those that nobody owns", () => {
    const { add, state } = cluster();
    const uids = (entries: Iterable<{ name: string }>) => [...entries].map(({ name }) => name);
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    expect(uids(state.orphanPods("demo"))).toEqual(["web"]);
    add("pod/demo/web", { type: "PodAdopted", data: { uid: "u1", owner: { uid: "r1", controller: true } } });
    expect(uids(state.podsOwnedBy("r1"))).toEqual(["web"]);
    expect(uids(state.orphanPods("demo"))).toEqual([]);
    add("pod/demo/web", { type: "PodReleased", data: { uid: "u1", ownerUid: "r1" } });
    expect(uids(state.podsOwnedBy("r1"))).toEqual([]);
    expect(uids(state.orphanPods("demo"))).toEqual(["web"]);
  });

  it("holds one copy of what the pods of a controller have in common", () => {
    const { add, state } = cluster();
    for (const name of ["a", "b"]) add(`pod/demo/${name}`, { type: "PodCreated", data: { pod: owned(name) } });
    const [a, b] = ["a", "b"].map((name) => state.pods.get("demo", name)?.state.pod);
    expect(b).toEqual(owned("b"));
    expect(b?.spec).toBe(a?.spec);
    expect(b?.metadata?.labels).toBe(a?.metadata?.labels);
  });

  it("leaves why a pod was placed to its event, and keeps why it was not", () => {
    const { add, state } = cluster();
    const explanation = { nodesEvaluated: 3 };
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    add("pod/demo/web", { type: "PodUnschedulable", data: { uid: "u1", message: "0/3 nodes", explanation } });
    expect(state.pods.get("demo", "web")?.state.unschedulable).toEqual({ message: "0/3 nodes", explanation });
    add("pod/demo/web", { type: "PodScheduled", data: { uid: "u1", node: "n1", explanation } });
    expect(state.pods.get("demo", "web")?.state).toEqual({
      status: "live",
      phase: "scheduled",
      node: "n1",
      pod: pod("u1"),
    });
  });

  it("lists what is live in a project", () => {
    const { add, state } = cluster();
    add("pod/demo/web", { type: "PodCreated", data: { pod: pod("u1") } });
    add("pod-status/demo/web", { type: "PodStopped", data: { uid: "u1" } });
    add("service/demo/web", { type: "ServiceCreated", data: { service: { metadata: { uid: "s1" } } } });
    add("service/other/web", { type: "ServiceCreated", data: { service: { metadata: { uid: "s2" } } } });
    expect(state.objectsIn("demo")).toEqual([
      { kind: "pod", name: "web" },
      { kind: "service", name: "web" },
    ]);
  });
});
