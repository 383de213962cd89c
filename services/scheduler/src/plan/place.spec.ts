import type { NodeView } from "./node-view.ts";
import { place } from "./place.ts";
import type { PodRequest } from "./pod-request.ts";

const GIB = 1024 ** 3;

const pod = (more: Partial<PodRequest> = {}): PodRequest => ({
  uid: "u",
  project: "demo",
  name: "web-1",
  cpuMillis: 100,
  memoryBytes: GIB / 2,
  nodeSelector: {},
  nodeName: "",
  owner: "rc",
  ...more,
});

const node = (name: string, more: Partial<NodeView> = {}): NodeView => ({
  name,
  ready: true,
  unschedulable: false,
  labels: {},
  allocatableCpuMillis: 2000,
  allocatableMemoryBytes: 2 * GIB,
  allocatablePods: 110,
  usedCpuMillis: 0,
  usedMemoryBytes: 0,
  usedPods: 0,
  podsOfOwner: () => 0,
  ...more,
});

describe("a placement", () => {
  it("goes to the emptiest node that passes every filter, and keeps each verdict", () => {
    const placement = place(pod(), [
      node("a", { usedCpuMillis: 1500 }),
      node("b"),
      node("c", { ready: false }),
      node("d", { unschedulable: true }),
    ]);
    expect(placement).toMatchObject({ placed: true, node: "b" });
    expect(placement.explanation).toMatchObject({ nodesEvaluated: 4, nodesFeasible: 2 });
    expect(placement.explanation.verdicts?.map((v) => [v.node, v.feasible, v.filter])).toEqual([
      ["b", true, undefined],
      ["a", true, undefined],
      ["c", false, "NodeReady"],
      ["d", false, "NodeUnschedulable"],
    ]);
  });

  it("spreads the pods of one controller before it fills up the emptiest node", () => {
    const busy = node("busy", { usedCpuMillis: 1800, usedMemoryBytes: GIB, usedPods: 60 });
    const holdsOne = node("holds-one", { podsOfOwner: () => 1 });
    expect(place(pod(), [holdsOne, busy])).toMatchObject({ node: "busy" });
  });

  it("says why nowhere, with counts first and numbers in each verdict", () => {
    const placement = place(pod({ memoryBytes: GIB, cpuMillis: 500 }), [
      node("a", { usedCpuMillis: 1900 }),
      node("b", { usedCpuMillis: 1600 }),
      node("c", { usedMemoryBytes: 1.5 * GIB }),
    ]);
    expect(placement).toMatchObject({
      placed: false,
      message: "0/3 nodes are available: 2 Insufficient cpu, 1 Insufficient memory.",
    });
    expect(placement.explanation.verdicts?.[0]?.reason).toBe("Insufficient cpu: needs 500m, free 100m of 2");
    expect(placement.explanation.verdicts?.[2]?.reason).toBe("Insufficient memory: needs 1Gi, free 512Mi of 2Gi");
  });

  it("names the label that is missing", () => {
    const placement = place(pod({ nodeSelector: { disk: "ssd" } }), [
      node("a", { labels: { disk: "hdd" } }),
      node("b"),
    ]);
    expect(placement.explanation.verdicts?.map((v) => v.reason)).toEqual([
      "the pod wants the label disk=ssd, the node has disk=hdd",
      "the pod wants the label disk=ssd, the node has none",
    ]);
  });

  it("takes the node that the user named, and no other", () => {
    expect(place(pod({ nodeName: "b" }), [node("a"), node("b", { usedCpuMillis: 1000 })])).toMatchObject({ node: "b" });
    expect(place(pod({ nodeName: "x" }), [node("a")])).toMatchObject({
      message: "0/1 nodes are available: 1 node(s) didn't match the requested node name.",
    });
  });

  it("refuses a node whose number of pods is full", () => {
    expect(place(pod(), [node("a", { usedPods: 110 })])).toMatchObject({
      message: "0/1 nodes are available: 1 Too many pods.",
    });
  });

  it("says so when there is no node at all", () => {
    expect(place(pod(), [])).toMatchObject({ message: "0/0 nodes are available: no node has joined yet." });
  });

  it("keeps an event small at 5,000 nodes and counts the rest", () => {
    const nodes = Array.from({ length: 5000 }, (_, i) => node(`n${i}`, { ready: false }));
    const placement = place(pod(), nodes);
    expect(placement.explanation.verdicts).toHaveLength(20);
    expect(placement.explanation.omitted).toEqual({ "node(s) were not ready": 4980 });
  });

  it("looks at another part of the nodes for another start", () => {
    const nodes = Array.from({ length: 1000 }, (_, i) => node(`n${i}`));
    expect(place(pod(), nodes, 500)).toMatchObject({ node: "n500" });
  });
});
