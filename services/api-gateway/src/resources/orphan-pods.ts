import type { ClusterState } from "@slipway/cluster";
import { podDecider } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { StreamDecision } from "../store-decision.ts";
import type { Target } from "./delete-targets.ts";

/** The controller's pods stay, without an owner; those that the call deletes as well (`deleted`, by stream) do not. */
export const orphanPods = (
  state: ClusterState,
  { project, name }: Target,
  deleted: ReadonlySet<string>,
): readonly StreamDecision[] => {
  const ownerUid = state.replicationControllers.get(project, name)?.state.object.metadata?.uid ?? "";
  return [...state.podsOwnedBy(ownerUid)]
    .filter(({ stream }) => !deleted.has(stream))
    .map(({ stream, state: pod }) => ({
      stream,
      events: podDecider.decide(
        { type: "ReleasePod", uid: pod.pod.metadata?.uid ?? "", ownerUid, reason: "Orphaned" },
        pod,
      ),
    }));
};

/** A kind that owns something which cannot be kept without it. */
export const refuseOrphans = (kind: string): void => {
  if (kind !== "BuildConfig" && kind !== "Project") return;
  throw new SlipwayError("NotSupportedYet", `orphan: what a ${kind} holds goes with it: delete it without orphaning.`, {
    problems: [{ path: "orphan", message: "not supported yet" }],
  });
};
