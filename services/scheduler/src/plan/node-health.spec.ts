import { judgeNodes, type NodeLife } from "./node-health.ts";

const LEASE_MS = 40_000;
const life = (more: Partial<NodeLife>): NodeLife => ({ name: "n", ready: true, heardAt: 0, heard: true, ...more });
const verdict = (node: NodeLife, now: number) => judgeNodes([node], now, LEASE_MS)[0]?.verdict;

describe("a node's health", () => {
  it("stays as it is while heartbeats come", () => {
    expect(verdict(life({ heardAt: 1000 }), 30_000)).toBeUndefined();
  });

  it("is unreachable after a lease without a heartbeat, and that is said once", () => {
    expect(verdict(life({}), LEASE_MS + 1)).toBe("unreachable");
    expect(verdict(life({ ready: false }), LEASE_MS + 1)).toBeUndefined();
  });

  it("is ready with the first heartbeat", () => {
    expect(verdict(life({ ready: "unknown" }), 1)).toBe("ready");
    expect(verdict(life({ ready: false, heardAt: 50_000 }), 50_001)).toBe("ready");
  });

  it("is not judged ready by having been listened for", () => {
    expect(verdict(life({ ready: "unknown", heard: false }), 1)).toBeUndefined();
  });

  it("is judged unreachable when it was never heard of within a lease", () => {
    expect(verdict(life({ ready: "unknown", heard: false }), LEASE_MS + 1)).toBe("unreachable");
  });
});
