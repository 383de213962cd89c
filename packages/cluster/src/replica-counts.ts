import {
  matchesSelector,
  podReadiness,
  type ReplicaCounts,
  type ReplicationControllerLive,
  timeOf,
} from "@slipway/domain";
import type { ClusterState } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";
import { isUnreachable } from "./service-endpoints.ts";

/** Counts a controller's pods that neither have ended nor are about to. `nowMs` decides how long a pod has been ready. */
export const replicaCounts = (
  state: ClusterState,
  controller: Entry<ReplicationControllerLive>,
  nowMs?: number,
): ReplicaCounts => {
  const { metadata, spec } = controller.state.object;
  const templateLabels = spec?.template?.metadata?.labels ?? {};
  const minReadyMs = (spec?.minReadySeconds ?? 0) * 1000;
  const counts = { replicas: 0, fullyLabeledReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  for (const { project, name, state: pod } of state.podsOwnedBy(metadata?.uid ?? "")) {
    const status = state.podStatuses.get(project, name)?.state;
    if (pod.deletion !== undefined || status?.finished !== undefined) continue;
    counts.replicas++;
    if (matchesSelector(pod.pod.metadata?.labels ?? {}, templateLabels)) counts.fullyLabeledReplicas++;
    const { ready, since } = podReadiness(pod, status);
    if (!ready || isUnreachable(state, pod.node ?? "")) continue;
    counts.readyReplicas++;
    const readyAt = timeOf(since);
    const longEnough = nowMs === undefined || readyAt === undefined || nowMs - readyAt >= minReadyMs;
    if (minReadyMs === 0 || longEnough) counts.availableReplicas++;
  }
  return counts;
};
