import type { ObjectMetaJson, PodJson, PodStatusJson } from "@slipway/proto";
import { containerOf, type PodStatusLive, type PodStatusState } from "../pod-status/state.ts";
import { qosClass } from "../quantity.ts";
import { timeOf } from "../rfc3339.ts";
import { podConditions } from "./conditions.ts";
import { containerView } from "./container-view.ts";
import { containersOf, seenOf } from "./readiness.ts";
import type { PodLive } from "./state.ts";

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed";

/**
 * Pending until every container has run once, then Running however often one ends and is started again, until the
 * agent says that none will be. Whether the node can be reached is not this stream's to know.
 */
export const podPhase = (state: PodLive, status: PodStatusState | undefined): PodPhase => {
  const seen = seenOf(state, status);
  if (seen.finished !== undefined) return seen.finished.phase;
  const containers = containersOf(state);
  const begun = containers.every(({ name }) => containerOf(seen, name).containerID !== "");
  return begun && containers.length > 0 ? "Running" : "Pending";
};

/** The pod as its users know it: what is wanted and what is observed in one object. */
export const podView = (state: PodLive, status: PodStatusState | undefined): PodJson => {
  const { pod, node } = state;
  return {
    ...pod,
    metadata: metadataOf(state),
    ...(node === undefined ? {} : { spec: { ...pod.spec, nodeName: node } }),
    status: statusView(state, seenOf(state, status)),
  };
};

const metadataOf = ({ pod, deletion }: PodLive): ObjectMetaJson => {
  if (deletion === undefined) return { ...pod.metadata };
  const { at, gracePeriodSeconds } = deletion;
  const asked = timeOf(at);
  // As in Kubernetes, the time after which the pod is expected to be gone.
  const due = asked === undefined ? at : new Date(asked + gracePeriodSeconds * 1000).toISOString();
  return { ...pod.metadata, deletionTimestamp: due, deletionGracePeriodSeconds: gracePeriodSeconds };
};

const statusView = (state: PodLive, seen: PodStatusLive): PodStatusJson => {
  const { sandbox, finished, startedAt } = seen;
  return {
    phase: podPhase(state, seen),
    ...(finished?.reason ? { reason: finished.reason } : {}),
    ...(finished?.message ? { message: finished.message } : {}),
    conditions: podConditions(state, seen),
    ...(state.node === undefined
      ? {}
      : { containerStatuses: containersOf(state).map((container) => containerView(container, seen)) }),
    ...(sandbox === undefined || sandbox.hostIP === "" ? {} : { hostIP: sandbox.hostIP }),
    ...(sandbox === undefined || sandbox.podIP === "" ? {} : { podIP: sandbox.podIP }),
    ...(startedAt === undefined || startedAt === "" ? {} : { startTime: startedAt }),
    qosClass: qosClass(state.pod.spec),
  };
};
