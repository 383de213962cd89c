import { type DomainEvent, type NodeState, nodeDecider, same } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { NodeJson } from "@slipway/proto";

/** Users may take a node out of use; everything else about it is its agent's to say. */
export const decideNode = (wished: NodeJson, state: NodeState): readonly DomainEvent[] => {
  const name = wished.metadata?.name ?? "";
  if (state.status !== "live") {
    throw new SlipwayError("NotFound", `node "${name}" has not joined: nodes join by running an agent.`);
  }
  const labels = wished.metadata?.labels;
  if (labels !== undefined && !same(labels, state.node.metadata?.labels ?? {})) {
    throw new SlipwayError(
      "NotSupportedYet",
      "metadata.labels: not supported yet; label a node in the settings of its agent.",
      { problems: [{ path: "metadata.labels", message: "not supported yet" }] },
    );
  }
  return nodeDecider.decide(
    wished.spec?.unschedulable === true ? { type: "CordonNode", reason: "by request" } : { type: "UncordonNode" },
    state,
  );
};
