import type { Entry } from "@slipway/cluster";
import { type PodLive, podRequests } from "@slipway/domain";
import type { PodRequest } from "./plan/pod-request.ts";

/** What the plan needs to know of a pod in the read model. */
export const podRequestOf = (entry: Entry<PodLive>): PodRequest => {
  const { metadata, spec } = entry.state.pod;
  return {
    uid: metadata?.uid ?? "",
    project: entry.project,
    name: entry.name,
    ...podRequests(spec ?? {}),
    nodeSelector: spec?.nodeSelector ?? {},
    nodeName: spec?.nodeName ?? "",
    owner: metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid,
  };
};
