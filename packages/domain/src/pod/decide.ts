import { SlipwayError } from "@slipway/kernel";
import type { OwnerReferenceJson, PlacementExplanationJson, PodJson, PodSpecJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew } from "../object-rules.ts";
import { same } from "../same.ts";
import type { PodEvent } from "./events.ts";
import type { PodLive, PodState } from "./state.ts";

/** Times are RFC 3339. A `uid` names the pod that is meant: one of the same name that came later is left alone. */
export type PodCommand =
  | { readonly type: "CreatePod"; readonly pod: PodJson }
  | { readonly type: "ApplyPod"; readonly pod: PodJson }
  | {
      readonly type: "SchedulePod";
      readonly uid: string;
      readonly node: string;
      readonly explanation: PlacementExplanationJson;
    }
  | {
      readonly type: "MarkPodUnschedulable";
      readonly uid: string;
      readonly message: string;
      readonly explanation: PlacementExplanationJson;
    }
  | { readonly type: "AdoptPod"; readonly uid: string; readonly owner: OwnerReferenceJson }
  | { readonly type: "ReleasePod"; readonly uid: string; readonly ownerUid: string; readonly reason: string }
  | {
      readonly type: "RequestPodDeletion";
      readonly uid?: string;
      readonly gracePeriodSeconds?: number;
      readonly at: string;
      readonly reason: string;
    }
  | { readonly type: "FinishPodDeletion"; readonly uid: string; readonly reason: string };

/** Kubernetes' default of `spec.terminationGracePeriodSeconds`. */
const DEFAULT_GRACE_SECONDS = 30;

export const decide = (command: PodCommand, state: PodState): readonly PodEvent[] => {
  if (command.type === "CreatePod") {
    return isNew(state.status === "live" ? state.pod : undefined, command.pod) ? create(command.pod) : [];
  }
  if (command.type === "ApplyPod") return state.status === "live" ? change(state, command.pod) : create(command.pod);
  // The wish is about a pod that is gone: there is nothing left to do.
  if (state.status !== "live") return [];
  if (command.type === "RequestPodDeletion") return requestDeletion(state, command);
  const uid = state.pod.metadata?.uid ?? "";
  if (command.uid !== uid) return [];
  switch (command.type) {
    case "SchedulePod":
      if (state.phase !== "unscheduled") return [];
      return [{ type: "PodScheduled", data: { uid, node: command.node, explanation: command.explanation } }];
    case "MarkPodUnschedulable":
      if (state.phase !== "unscheduled" || state.unschedulable?.message === command.message) return [];
      return [{ type: "PodUnschedulable", data: { uid, message: command.message, explanation: command.explanation } }];
    case "AdoptPod":
      return adopt(state, command.owner);
    case "ReleasePod":
      if (!state.pod.metadata?.ownerReferences?.some((owner) => owner.uid === command.ownerUid)) return [];
      return [{ type: "PodReleased", data: { uid, ownerUid: command.ownerUid, reason: command.reason } }];
    case "FinishPodDeletion":
      if (state.deletion === undefined) {
        throw new SlipwayError(
          "FailedPrecondition",
          `Pod "${state.pod.metadata?.name}" is not being deleted: ask for its deletion first.`,
        );
      }
      return [{ type: "PodDeleted", data: { uid, reason: command.reason } }];
    default:
      return command satisfies never;
  }
};

const create = (pod: PodJson): PodEvent[] => [{ type: "PodCreated", data: { pod: asCreated(pod) } }];

const change = (state: PodLive, wished: PodJson): readonly PodEvent[] => {
  if (state.deletion !== undefined) {
    throw new SlipwayError(
      "FailedPrecondition",
      `Pod "${state.pod.metadata?.name}" is being deleted: wait until it is gone.`,
    );
  }
  const pod = changedObject(state.pod, wished, (live, next) => withoutChosenNode(live, next, state.node));
  if (pod === undefined) return [];
  if (!same(withoutImages(state.pod.spec), withoutImages(pod.spec))) {
    const message = "Forbidden: pod updates may not change fields other than `spec.containers[*].image`";
    throw new SlipwayError("Immutable", `spec: ${message}`, { problems: [{ path: "spec", message }] });
  }
  return [{ type: "PodChanged", data: { pod } }];
};

/** A pod that was read and is applied again names the node that the scheduler chose: that is no wish. */
const withoutChosenNode = (live: PodJson, wished: PodJson, node: string | undefined): PodJson => {
  if (live.spec?.nodeName || wished.spec?.nodeName === undefined || wished.spec.nodeName !== node) return wished;
  const { nodeName: _chosen, ...spec } = wished.spec;
  return { ...wished, spec };
};

const withoutImages = (spec: PodSpecJson | undefined): unknown => ({
  ...spec,
  containers: (spec?.containers ?? []).map(({ image: _image, ...container }) => container),
});

const adopt = (state: PodLive, owner: OwnerReferenceJson): readonly PodEvent[] => {
  const controller = state.pod.metadata?.ownerReferences?.find((reference) => reference.controller === true);
  if (controller?.uid === owner.uid) return [];
  // It is about to be gone: nobody needs to own it.
  if (state.deletion !== undefined) return [];
  if (controller !== undefined) {
    throw new SlipwayError(
      "FailedPrecondition",
      `Pod "${state.pod.metadata?.name}" belongs to ${controller.kind} "${controller.name}": it must be released first.`,
    );
  }
  return [{ type: "PodAdopted", data: { uid: state.pod.metadata?.uid ?? "", owner } }];
};

const requestDeletion = (
  state: PodLive,
  { uid: meant, gracePeriodSeconds, at, reason }: Extract<PodCommand, { type: "RequestPodDeletion" }>,
): readonly PodEvent[] => {
  checkUid(state.pod, meant);
  const uid = state.pod.metadata?.uid ?? "";
  // No node knows of it, so there is nobody to wait for.
  if (state.node === undefined) return [{ type: "PodDeleted", data: { uid, reason } }];
  const own = state.pod.spec?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
  const grace = gracePeriodSeconds ?? own;
  if (state.deletion !== undefined && (gracePeriodSeconds === undefined || grace >= state.deletion.gracePeriodSeconds))
    return [];
  return [
    {
      type: "PodDeletionRequested",
      // The grace counts from the first request, so that asking again can only bring the end nearer.
      data: { uid, gracePeriodSeconds: grace, at: state.deletion?.at ?? at, reason: state.deletion?.reason ?? reason },
    },
  ];
};
