import type { PlacementExplanationJson, PodJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";

/**
 *   unscheduled ──PodScheduled──▶ scheduled ──PodDeletionRequested──▶ terminating ──PodDeleted──▶ absent
 *        └────────────────────────────PodDeleted──────────────────────────────────────────────────▲
 */
export interface PodLive {
  readonly status: "live";
  /** As wished; without `status`, and without the node that the scheduler chose. */
  readonly pod: PodJson;
  readonly phase: "unscheduled" | "scheduled" | "terminating";
  readonly node?: string;
  readonly explanation?: PlacementExplanationJson;
  /** Why no node would do, when last asked. */
  readonly unschedulable?: { readonly message: string; readonly explanation?: PlacementExplanationJson };
  readonly deletion?: { readonly at: string; readonly gracePeriodSeconds: number; readonly reason: string };
}

export type PodState = PodLive | ObjectAbsent;

export const initial: PodState = ABSENT;

export const evolve = (state: PodState, event: DomainEvent): PodState => {
  if (event.type === "PodCreated") {
    return event.data?.pod === undefined ? state : { status: "live", pod: event.data.pod, phase: "unscheduled" };
  }
  if (state.status !== "live") return state;
  const { uid } = state.pod.metadata ?? {};
  switch (event.type) {
    case "PodChanged":
      return event.data?.pod === undefined ? state : { ...state, pod: event.data.pod };
    case "PodAdopted": {
      const { owner } = event.data ?? {};
      if (event.data?.uid !== uid || owner === undefined) return state;
      return withOwners(state, [...(state.pod.metadata?.ownerReferences ?? []), owner]);
    }
    case "PodReleased":
      if (event.data?.uid !== uid) return state;
      return withOwners(
        state,
        (state.pod.metadata?.ownerReferences ?? []).filter((owner) => owner.uid !== event.data.ownerUid),
      );
    case "PodScheduled": {
      if (event.data?.uid !== uid) return state;
      const { unschedulable: _lifted, ...rest } = state;
      return {
        ...rest,
        phase: state.phase === "terminating" ? "terminating" : "scheduled",
        node: event.data.node ?? "",
        ...(event.data.explanation === undefined ? {} : { explanation: event.data.explanation }),
      };
    }
    case "PodUnschedulable": {
      if (event.data?.uid !== uid) return state;
      const { message = "", explanation } = event.data;
      return { ...state, unschedulable: { message, ...(explanation === undefined ? {} : { explanation }) } };
    }
    case "PodDeletionRequested": {
      if (event.data?.uid !== uid) return state;
      const { at = "", gracePeriodSeconds = 0, reason = "" } = event.data;
      return { ...state, phase: "terminating", deletion: { at, gracePeriodSeconds, reason } };
    }
    case "PodDeleted":
      return event.data?.uid === uid ? ABSENT : state;
    default:
      return state;
  }
};

const withOwners = (
  state: PodLive,
  ownerReferences: NonNullable<NonNullable<PodJson["metadata"]>["ownerReferences"]>,
): PodLive => ({ ...state, pod: { ...state.pod, metadata: { ...state.pod.metadata, ownerReferences } } });
