import type { NodeJson } from "@slipway/proto";
import { checkUid } from "../object-rules.ts";
import { same } from "../same.ts";
import type { NodeEvent } from "./events.ts";
import type { NodeState } from "./state.ts";

/** Times are RFC 3339. */
export type NodeCommand =
  | { readonly type: "RegisterNode"; readonly node: NodeJson }
  | { readonly type: "ReportNodeReady"; readonly at: string }
  | { readonly type: "ReportNodeUnreachable"; readonly lastHeartbeat: string; readonly at: string }
  | { readonly type: "CordonNode"; readonly reason?: string }
  | { readonly type: "UncordonNode" }
  | { readonly type: "DeleteNode"; readonly uid?: string };

export const decide = (command: NodeCommand, state: NodeState): readonly NodeEvent[] => {
  if (command.type === "RegisterNode") return register(command.node, state);
  if (state.status !== "live") return [];
  switch (command.type) {
    case "ReportNodeReady":
      return state.ready === true ? [] : [{ type: "NodeReady", data: { at: command.at } }];
    case "ReportNodeUnreachable":
      return state.ready === false
        ? []
        : [{ type: "NodeUnreachable", data: { lastHeartbeat: command.lastHeartbeat, at: command.at } }];
    case "CordonNode":
      return state.cordoned ? [] : [{ type: "NodeCordoned", data: { reason: command.reason ?? "" } }];
    case "UncordonNode":
      return state.cordoned ? [{ type: "NodeUncordoned", data: {} }] : [];
    case "DeleteNode":
      checkUid(state.node, command.uid);
      return [{ type: "NodeDeleted", data: { uid: state.node.metadata?.uid ?? "" } }];
    default:
      return command satisfies never;
  }
};

/** A node keeps its identity and its first moment however often its agent starts. */
const register = (wished: NodeJson, state: NodeState): NodeEvent[] => {
  if (state.status !== "live") return [{ type: "NodeRegistered", data: { node: wished } }];
  const { uid, creationTimestamp } = state.node.metadata ?? {};
  const node: NodeJson = {
    ...wished,
    metadata: {
      ...wished.metadata,
      ...(uid === undefined ? {} : { uid }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
  };
  return same(state.node, node) ? [] : [{ type: "NodeRegistered", data: { node } }];
};
