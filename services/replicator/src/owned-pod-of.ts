import type { ClusterState, Entry } from "@slipway/cluster";
import { matchesSelector, type PodLive, type PodStatusLive, podPhase, podReadiness } from "@slipway/domain";
import type { OwnedPod } from "./plan/owned-pod.ts";

/** A pod of the read model as the plan sees it. */
export const ownedPodOf = (
  state: ClusterState,
  entry: Entry<PodLive>,
  selector: Readonly<Record<string, string>>,
): OwnedPod => {
  const metadata = entry.state.pod.metadata ?? {};
  const status = state.podStatuses.get(entry.project, entry.name)?.state;
  const { ready, since } = podReadiness(entry.state, status);
  const cost = Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0);
  const unreachable = entry.state.node !== undefined && state.nodes.get("", entry.state.node)?.state.ready === false;
  return {
    name: entry.name,
    uid: metadata.uid ?? "",
    owner: metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid,
    matches: matchesSelector(metadata.labels ?? {}, selector),
    node: entry.state.node,
    phase: unreachable ? "Unknown" : podPhase(entry.state, status),
    terminating: entry.state.deletion !== undefined,
    ready,
    readySince: ready && since !== undefined ? Date.parse(since) : undefined,
    restarts: status?.uid === metadata.uid ? restartsOf(status) : 0,
    createdAt: metadata.creationTimestamp ? Date.parse(metadata.creationTimestamp) : 0,
    deletionCost: Number.isFinite(cost) ? cost : 0,
  };
};

const restartsOf = (status: PodStatusLive | undefined): number =>
  Object.values(status?.containers ?? {}).reduce((sum, { restartCount }) => sum + restartCount, 0);
