import type { OwnerReferenceJson, PlacementExplanationJson, PodJson } from "@slipway/proto";
import type { DomainEvent, EventOf } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";
import { isObjectList, isUidOf, storedChange, storedNumber, storedObject, storedText } from "../stored-object.ts";
import { isPodEvent, type PodEvent } from "./events.ts";

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

/** What folds and views lean on: containers are a list of objects. */
const isSound = ({ containers }: Record<string, unknown>): boolean => isObjectList(containers);

export const evolve = (state: PodState, event: DomainEvent): PodState => {
  if (event.type === "PodCreated") {
    const pod = storedObject(event.data?.pod, isSound);
    return pod === undefined ? state : { status: "live", pod, phase: "unscheduled" };
  }
  if (state.status !== "live") return state;
  if (event.type === "PodChanged") {
    const pod = storedChange(state.pod, event.data?.pod, isSound);
    return pod === undefined ? state : { ...state, pod };
  }
  return isPodEvent(event) && isUidOf(state.pod, event.data?.uid) ? evolveLive(state, event) : state;
};

const evolveLive = (state: PodLive, event: Exclude<PodEvent, EventOf<"PodCreated" | "PodChanged">>): PodState => {
  switch (event.type) {
    case "PodAdopted": {
      const owner = event.data?.owner;
      return typeof owner === "object" && owner !== null ? withOwners(state, [...ownersOf(state), owner]) : state;
    }
    case "PodReleased":
      return withOwners(
        state,
        ownersOf(state).filter((owner) => owner.uid !== event.data?.ownerUid),
      );
    case "PodScheduled": {
      const { unschedulable: _lifted, ...rest } = state;
      return {
        ...rest,
        phase: state.phase === "terminating" ? "terminating" : "scheduled",
        node: storedText(event.data?.node),
        ...(event.data?.explanation === undefined ? {} : { explanation: event.data.explanation }),
      };
    }
    case "PodUnschedulable": {
      const message = storedText(event.data?.message);
      const explanation = event.data?.explanation;
      return { ...state, unschedulable: { message, ...(explanation === undefined ? {} : { explanation }) } };
    }
    case "PodDeletionRequested":
      return {
        ...state,
        phase: "terminating",
        deletion: {
          at: storedText(event.data?.at),
          gracePeriodSeconds: storedNumber(event.data?.gracePeriodSeconds),
          reason: storedText(event.data?.reason),
        },
      };
    case "PodDeleted":
      return ABSENT;
    default:
      return event satisfies never;
  }
};

const ownersOf = (state: PodLive): readonly OwnerReferenceJson[] => state.pod.metadata?.ownerReferences ?? [];

const withOwners = (state: PodLive, ownerReferences: OwnerReferenceJson[]): PodLive => ({
  ...state,
  pod: { ...state.pod, metadata: { ...state.pod.metadata, ownerReferences } },
});
