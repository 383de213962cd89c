import {
  buildConfigView,
  buildView,
  findKind,
  imageStreamView,
  type Kind,
  nodeView,
  type PodLive,
  parseLabelSelector,
  podView,
  projectView,
  replicationControllerView,
  routeView,
} from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type {
  BuildConfigJson,
  BuildJson,
  EndpointsJson,
  ImageStreamJson,
  NodeJson,
  PodJson,
  ProjectJson,
  ReplicationControllerJson,
  RouteJson,
  ServiceJson,
} from "@slipway/proto";
import type { ClusterState } from "./cluster-state.ts";
import { endpointsOf } from "./endpoints-view.ts";
import type { Entry } from "./entry.ts";
import { replicaCounts } from "./replica-counts.ts";
import { routeAdmission } from "./route-admission.ts";
import { isUnreachable } from "./service-endpoints.ts";
import type { Table } from "./table.ts";

/** An object with everything that is derived, by its kind. */
export interface ViewOf {
  Project: ProjectJson;
  Node: NodeJson;
  ImageStream: ImageStreamJson;
  BuildConfig: BuildConfigJson;
  Build: BuildJson;
  Service: ServiceJson;
  Endpoints: EndpointsJson;
  ReplicationController: ReplicationControllerJson;
  Pod: PodJson;
  Route: RouteJson;
}

export type ObjectView = ViewOf[Kind];

export interface ViewOptions {
  /** `host:port` of the platform's registry; without it image streams do not say where they live. */
  readonly registryHost?: string;
  /** Milliseconds since the epoch; without it what depends on the hour is left at what the log says. */
  readonly now?: number;
}

interface Viewer {
  readonly table: (state: ClusterState) => Table<unknown>;
  readonly view: (state: ClusterState, entry: Entry<unknown>, options: ViewOptions) => ObjectView;
}

const viewer = <S>(
  table: (state: ClusterState) => Table<S>,
  view: (state: ClusterState, entry: Entry<S>, options: ViewOptions) => ObjectView,
): Viewer => ({
  table: table as (state: ClusterState) => Table<unknown>,
  // A table hands its own entries to its own view; only this record forgets their type.
  view: view as Viewer["view"],
});

const isoOf = (now: number | undefined): { now?: string } =>
  now === undefined ? {} : { now: new Date(now).toISOString() };

const VIEWERS: Readonly<Record<Kind, Viewer>> = {
  Project: viewer(
    (state) => state.projects,
    (_state, entry) => projectView(entry.state),
  ),
  Node: viewer(
    (state) => state.nodes,
    (_state, entry) => nodeView(entry.state),
  ),
  ImageStream: viewer(
    (state) => state.imageStreams,
    (_state, entry, { registryHost }) => imageStreamView(entry.state, registryHost),
  ),
  BuildConfig: viewer(
    (state) => state.buildConfigs,
    (_state, entry) => buildConfigView(entry.state),
  ),
  Build: viewer(
    (state) => state.builds,
    (_state, entry, { now }) => buildView(entry.state, isoOf(now)),
  ),
  Service: viewer(
    (state) => state.services,
    (_state, entry) => entry.state.object,
  ),
  Endpoints: viewer(
    (state) => state.services,
    (state, entry) => endpointsOf(state, entry),
  ),
  ReplicationController: viewer(
    (state) => state.replicationControllers,
    (state, entry, { now }) => replicationControllerView(entry.state, replicaCounts(state, entry, now)),
  ),
  Pod: viewer(
    (state) => state.pods,
    (state, entry) => podInCluster(state, entry),
  ),
  Route: viewer(
    (state) => state.routes,
    (state, entry) => routeView(entry.state, routeAdmission(state, entry)),
  ),
};

/** A pod on a node that is not heard of: nobody knows what it does. */
const podInCluster = (state: ClusterState, entry: Entry<PodLive>): PodJson => {
  const view = podView(entry.state, state.podStatuses.get(entry.project, entry.name)?.state);
  const { node } = entry.state;
  const phase = view.status?.phase;
  if (node === undefined || phase === "Succeeded" || phase === "Failed" || !isUnreachable(state, node)) return view;
  const conditions = view.status?.conditions?.map((condition) =>
    condition.type === "Ready" || condition.type === "ContainersReady"
      ? { ...condition, status: "False", reason: "NodeStatusUnknown", message: `Node ${node} is not heard of.` }
      : condition,
  );
  return {
    ...view,
    status: {
      ...view.status,
      phase: "Unknown",
      reason: "NodeLost",
      message: `Node ${node} which was running pod ${entry.name} is unresponsive`,
      ...(conditions === undefined ? {} : { conditions }),
    },
  };
};

/** The position of an object's last change, of both of a pod's streams. */
const changedAt = (state: ClusterState, kind: Kind, entry: Entry<unknown>): number =>
  kind === "Pod"
    ? Math.max(entry.position, state.podStatuses.get(entry.project, entry.name)?.position ?? 0)
    : entry.position;

const stamped = (state: ClusterState, kind: Kind, entry: Entry<unknown>, options: ViewOptions): ObjectView => {
  const view = VIEWERS[kind].view(state, entry, options);
  const resourceVersion = String(changedAt(state, kind, entry));
  return { ...view, metadata: { ...view.metadata, resourceVersion } };
};

const kindOf = (name: string): Kind => {
  const kind = findKind(name)?.kind;
  if (kind === undefined) {
    throw new SlipwayError("UnknownKind", `There is no kind "${name}": list the kinds to see what there is.`);
  }
  return kind as Kind;
};

/**
 * One object as its users know it, with `metadata.resourceVersion`; undefined when it is not there. `kind` is any name
 * of a kind. Throws `UnknownKind`.
 */
export const viewOf = (
  state: ClusterState,
  kind: string,
  project: string,
  name: string,
  options: ViewOptions = {},
): ObjectView | undefined => {
  const known = kindOf(kind);
  const entry = VIEWERS[known].table(state).get(project, name);
  return entry && stamped(state, known, entry, options);
};

export interface ListOptions extends ViewOptions {
  /** As users type it: `app=web,tier in (a,b)`. */
  readonly labelSelector?: string;
}

/** All objects of a kind, of one project or of all, ordered by project and name. Throws `UnknownKind` and `Invalid`. */
export const listView = (
  state: ClusterState,
  kind: string,
  project?: string,
  { labelSelector = "", ...options }: ListOptions = {},
): ObjectView[] => {
  const known = kindOf(kind);
  const chosen = parseLabelSelector(labelSelector);
  return [...VIEWERS[known].table(state).list(project)]
    .filter((entry) => labelSelector === "" || chosen(labelsOf(entry)))
    .sort((a, b) => compare(a.project, b.project) || compare(a.name, b.name))
    .map((entry) => stamped(state, known, entry, options));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every state holds its object under one of three names. */
const labelsOf = ({ state }: Entry<unknown>): Readonly<Record<string, string>> | undefined => {
  const { object, pod, node } = state as { [key in "object" | "pod" | "node"]?: ProjectJson };
  return (object ?? pod ?? node)?.metadata?.labels;
};
