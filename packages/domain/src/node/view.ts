import type { ConditionJson, NodeJson } from "@slipway/proto";
import type { NodeLive } from "./state.ts";

const readyCondition = ({ ready, since }: NodeLive): ConditionJson => {
  const at = since === undefined || since === "" ? {} : { lastTransitionTime: since };
  if (ready === true) {
    return { type: "Ready", status: "True", reason: "AgentReady", message: "The node's agent reports.", ...at };
  }
  const message =
    ready === false ? "The node's agent stopped reporting." : "The node's agent has not been heard of yet.";
  return { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown", message, ...at };
};

/** The node as its users know it: what its agent registered, whether it is heard of, whether it takes pods. */
export const nodeView = (state: NodeLive): NodeJson => ({
  ...state.node,
  ...(state.cordoned ? { spec: { ...state.node.spec, unschedulable: true } } : {}),
  status: { ...state.node.status, conditions: [readyCondition(state)] },
});
