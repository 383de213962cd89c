import type { OwnedPod } from "./owned-pod.ts";
import { removalOrder } from "./removal-order.ts";
import { planReplicas } from "./replicas.ts";

const NOW = 10_000_000;

const pod = (name: string, more: Partial<OwnedPod> = {}): OwnedPod => ({
  name,
  uid: name,
  owner: "rc",
  matches: true,
  node: "n1",
  phase: "Running",
  terminating: false,
  ready: true,
  readySince: NOW - 60_000,
  restarts: 0,
  createdAt: NOW - 100_000,
  deletionCost: 0,
  ...more,
});

const names = (pods: readonly OwnedPod[]) => pods.map((p) => p.name);

describe("the plan for a controller", () => {
  it("makes what is missing", () => {
    expect(planReplicas("rc", 3, [pod("a")], NOW)).toMatchObject({ create: 2, remove: [] });
  });

  it("does nothing when the number is right", () => {
    expect(planReplicas("rc", 2, [pod("a"), pod("b")], NOW)).toEqual({ create: 0, remove: [], adopt: [], release: [] });
  });

  it("does not count pods that go or have ended", () => {
    const pods = [pod("a", { terminating: true }), pod("b", { phase: "Failed" }), pod("c", { phase: "Succeeded" })];
    expect(planReplicas("rc", 1, pods, NOW)).toMatchObject({ create: 1, remove: [] });
  });

  it("adopts a matching orphan in place of making a pod", () => {
    const plan = planReplicas("rc", 1, [pod("stray", { owner: undefined })], NOW);
    expect(names(plan.adopt)).toEqual(["stray"]);
    expect(plan.create).toBe(0);
  });

  it("leaves alone what another controller owns", () => {
    expect(planReplicas("rc", 0, [pod("a", { owner: "other" })], NOW)).toMatchObject({ adopt: [], remove: [] });
  });

  it("lets go of a pod whose labels changed, and replaces it", () => {
    const plan = planReplicas("rc", 1, [pod("a", { matches: false })], NOW);
    expect(names(plan.release)).toEqual(["a"]);
    expect(plan.create).toBe(1);
  });
});

describe("the order of removal", () => {
  const order = (...pods: OwnedPod[]) => names(removalOrder(pods, NOW));

  it.each([
    ["without a node", pod("first", { node: undefined, createdAt: 0 })],
    ["pending", pod("first", { phase: "Pending", createdAt: 0 })],
    ["unknown", pod("first", { phase: "Unknown", createdAt: 0 })],
    ["not ready", pod("first", { ready: false, createdAt: 0 })],
    ["cheaper to delete", pod("first", { deletionCost: -1, createdAt: 0 })],
    ["ready for less time", pod("first", { readySince: NOW - 5_000, createdAt: 0 })],
    ["more often restarted", pod("first", { restarts: 4, createdAt: 0 })],
    ["newer", pod("first", { createdAt: NOW })],
  ])("takes the one %s first", (_why, first) => {
    expect(order(pod("x"), first, pod("y", { node: "n2" }))[0]).toBe("first");
  });

  it("takes from the node that has more of them", () => {
    expect(order(pod("alone", { node: "n2" }), pod("b"), pod("c"))[0]).toBe("b");
  });

  it("takes the pod without a node before the pending one, and that before the one that is not ready", () => {
    const pods = [
      pod("c", { ready: false }),
      pod("b", { phase: "Pending" }),
      pod("a", { node: undefined, phase: "Pending" }),
    ];
    expect(order(...pods)).toEqual(["a", "b", "c"]);
  });
});
