import type { Change, ClusterState, Entry } from "@slipway/cluster";
import type { Kind, PodLive } from "@slipway/domain";

/** A change, or as much of it as an event in the log tells: without what was before and after. */
export type Touch = Pick<Change, "kind" | "project" | "name"> & Partial<Pick<Change, "before" | "after">>;

/** An object by its place; the project of a cluster-scoped one is empty. */
export interface Place {
  readonly project: string;
  readonly name: string;
}

/**
 * The objects of a kind that may look otherwise after a change, also where the change concerns something that their
 * status is derived from. Rather one too many than one too few: who asks compares what they look like.
 */
export function* touchedObjects(state: ClusterState, kind: Kind, change: Touch): Generator<Place> {
  const own = kind === "Endpoints" ? "service" : kind.toLowerCase();
  if (change.kind === own) yield { project: change.project, name: change.name };
  if (change.kind === "pod" || change.kind === "pod-status") yield* touchedByPod(state, kind, change);
  // Pods of a node that is not heard of are not ready.
  if (change.kind === "node" && (kind === "Pod" || kind === "Endpoints" || kind === "ReplicationController")) {
    for (const { project, name } of state.podsOnNode(change.name)) {
      yield* touchedByPod(state, kind, { kind: "pod", project, name });
    }
  }
  // A host goes to the oldest route that wants it.
  if (kind === "Route" && change.kind === "route") {
    for (const route of [change.before, change.after]) {
      const host = (route as Entry<{ object: { spec?: { host?: string } } }> | undefined)?.state.object.spec?.host;
      if (host !== undefined) yield* state.routesOnHost(host);
    }
    if (change.before === undefined && change.after === undefined) yield* state.routes.list();
  }
}

function* touchedByPod(state: ClusterState, kind: Kind, change: Touch): Generator<Place> {
  const { project, name } = change;
  if (kind === "Pod") yield { project, name };
  if (kind !== "ReplicationController" && kind !== "Endpoints") return;
  const now = state.pods.get(project, name);
  const before = change.kind === "pod" ? (change.before as Entry<PodLive> | undefined) : undefined;
  if (now === undefined && before === undefined) {
    // Of a pod that is gone nobody knows any more who owned and who chose it.
    yield* kind === "Endpoints" ? state.services.list(project) : state.replicationControllers.list(project);
    return;
  }
  for (const pod of [before, now]) {
    if (pod === undefined) continue;
    if (kind === "Endpoints") yield* state.servicesSelecting(pod);
    const owner = pod.state.pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
    if (kind === "ReplicationController" && owner?.name !== undefined) yield { project, name: owner.name };
  }
}
