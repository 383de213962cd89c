import type { NodeJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";
import { isUidOf, storedObject, storedText } from "../stored-object.ts";

export interface NodeLive {
  readonly status: "live";
  readonly node: NodeJson;
  /** `unknown`: registered, not judged yet. */
  readonly ready: boolean | "unknown";
  /** RFC 3339: since when it is ready, or unreachable. */
  readonly since?: string;
  readonly lastHeartbeat?: string;
  /** Takes no new pods. */
  readonly cordoned: boolean;
}

export type NodeState = NodeLive | ObjectAbsent;

export const initial: NodeState = ABSENT;

export const evolve = (state: NodeState, event: DomainEvent): NodeState => {
  if (event.type === "NodeRegistered") {
    const node = storedObject(event.data?.node);
    if (node === undefined) return state;
    return state.status === "live" ? { ...state, node } : { status: "live", node, ready: "unknown", cordoned: false };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "NodeReady":
      return { ...state, ready: true, since: storedText(event.data?.at) };
    case "NodeUnreachable":
      return {
        ...state,
        ready: false,
        since: storedText(event.data?.at),
        lastHeartbeat: storedText(event.data?.lastHeartbeat),
      };
    case "NodeCordoned":
      return { ...state, cordoned: true };
    case "NodeUncordoned":
      return { ...state, cordoned: false };
    case "NodeDeleted":
      return isUidOf(state.node, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
