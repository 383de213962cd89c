import type { NodeJson } from "@slipway/proto";
import { DeciderSpecification } from "@slipway/testkit";
import { nodeDecider } from "./decider.ts";
import type { NodeEvent } from "./events.ts";
import { nodeView } from "./view.ts";

const AT = "2026-01-01T10:00:00.000Z";
const nodes = DeciderSpecification.for(nodeDecider);
const node = (cpu: string, uid = "u1"): NodeJson => ({
  kind: "Node",
  metadata: { name: "n1", uid, creationTimestamp: AT },
  status: { capacity: { cpu } },
});
const registered = (cpu: string): NodeEvent => ({ type: "NodeRegistered", data: { node: node(cpu) } });
const ready: NodeEvent = { type: "NodeReady", data: { at: AT } };
const unreachable: NodeEvent = { type: "NodeUnreachable", data: { lastHeartbeat: AT, at: AT } };

describe("a node", () => {
  it("is registered again only when its host changed, and stays the same node", () => {
    nodes.when({ type: "RegisterNode", node: node("2") }).then([registered("2")]);
    nodes
      .given([registered("2")])
      .when({ type: "RegisterNode", node: node("2", "fresh") })
      .thenNothingHappened();
    nodes
      .given([registered("2")])
      .when({ type: "RegisterNode", node: node("4", "fresh") })
      .then([registered("4")]);
  });

  it("keeps what is known of it when its host changed", () => {
    nodes
      .given([registered("2"), ready, { type: "NodeCordoned", data: { reason: "" } }, registered("4")])
      .thenState({ status: "live", node: node("4"), ready: true, since: AT, cordoned: true });
  });

  it("is said to be ready, or lost, once for each time", () => {
    nodes
      .given([registered("2")])
      .when({ type: "ReportNodeReady", at: AT })
      .then([ready]);
    nodes
      .given([registered("2"), ready])
      .when({ type: "ReportNodeReady", at: AT })
      .thenNothingHappened();
    const lost = { type: "ReportNodeUnreachable", lastHeartbeat: AT, at: AT } as const;
    nodes
      .given([registered("2"), ready])
      .when(lost)
      .then([unreachable]);
    nodes
      .given([registered("2"), ready, unreachable])
      .when(lost)
      .thenNothingHappened();
  });

  it("is cordoned and uncordoned", () => {
    const cordoned: NodeEvent = { type: "NodeCordoned", data: { reason: "disk" } };
    nodes
      .given([registered("2")])
      .when({ type: "CordonNode", reason: "disk" })
      .then([cordoned]);
    nodes
      .given([registered("2")])
      .when({ type: "UncordonNode" })
      .thenNothingHappened();
    nodes
      .given([registered("2"), cordoned])
      .when({ type: "UncordonNode" })
      .then([{ type: "NodeUncordoned", data: {} }]);
  });

  it("can be taken out, unless another one is meant", () => {
    nodes
      .given([registered("2")])
      .when({ type: "DeleteNode", uid: "u0" })
      .thenRefused("FailedPrecondition");
    nodes
      .given([registered("2")])
      .when({ type: "DeleteNode" })
      .then([{ type: "NodeDeleted", data: { uid: "u1" } }]);
  });
});

describe("nodeView", () => {
  it.each([
    [true, "True"],
    [false, "Unknown"],
    ["unknown", "Unknown"],
  ] as const)("shows ready %s as condition Ready %s", (is, status) => {
    const view = nodeView({ status: "live", node: node("2"), ready: is, since: AT, cordoned: false });
    expect(view.status?.conditions).toMatchObject([{ type: "Ready", status, lastTransitionTime: AT }]);
    expect(view.status?.capacity).toEqual({ cpu: "2" });
    expect(view.spec?.unschedulable).toBeUndefined();
  });

  it("shows a cordoned node as unschedulable", () => {
    expect(nodeView({ status: "live", node: node("2"), ready: true, cordoned: true }).spec?.unschedulable).toBe(true);
  });
});
