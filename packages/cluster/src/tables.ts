import type {
  BuildConfigLive,
  BuildLive,
  ImageStreamLive,
  NodeLive,
  PodLive,
  PodStatusLive,
  ProjectLive,
  ReplicationControllerLive,
  RouteLive,
  ServiceAddressLive,
  ServiceLive,
  StreamKind,
} from "@slipway/domain";
import type { ObjectMetaJson } from "@slipway/proto";
import { GroupIndex } from "./group-index.ts";
import type { Index } from "./row.ts";
import { MutableTable } from "./table.ts";

const objects = <S extends { readonly object: { metadata?: ObjectMetaJson } }>(indexes: readonly Index<S>[] = []) =>
  new MutableTable<S>({ metadata: (state) => state.object.metadata, indexes });

/** The uid of the controller that owns a pod. */
export const controllerUidOf = ({ pod }: PodLive): string | undefined =>
  pod.metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid;

const ownersOf = ({ pod }: PodLive): unknown => pod.metadata?.ownerReferences;

/** The pair of a selector that stands for it in the index; a pod that it selects carries that label. */
const indexedPair = ({ object }: ServiceLive): string | undefined => {
  const selector = object.spec?.selector;
  for (const key in selector) return `${key}=${selector[key]}`;
  return undefined;
};

/** Every kind's table, and the indexes that the loops ask. */
export const makeTables = () => {
  const pods = {
    onNode: new GroupIndex<PodLive>(({ state }) => state.node),
    ownedBy: new GroupIndex<PodLive>(({ state }) => controllerUidOf(state), ownersOf),
    orphansIn: new GroupIndex<PodLive>(
      ({ state, project }) => (controllerUidOf(state) === undefined ? project : undefined),
      ownersOf,
    ),
    inPhase: new GroupIndex<PodLive>(({ state }) => (state.phase === "scheduled" ? undefined : state.phase)),
  };
  const services = {
    byPair: new GroupIndex<ServiceLive>(({ project, state }) => {
      const pair = indexedPair(state);
      return pair === undefined ? undefined : `${project}/${pair}`;
    }),
  };
  const routes = {
    toService: new GroupIndex<RouteLive>(({ project, state }) => `${project}/${state.object.spec?.to?.name ?? ""}`),
    onHost: new GroupIndex<RouteLive>(({ state }) => state.object.spec?.host || undefined),
  };
  const tables = {
    project: objects<ProjectLive>(),
    pod: new MutableTable<PodLive>({ metadata: ({ pod }) => pod.metadata, indexes: Object.values(pods) }),
    "pod-status": new MutableTable<PodStatusLive>({ metadata: (state) => state }),
    service: objects<ServiceLive>(Object.values(services)),
    "service-ip": new MutableTable<ServiceAddressLive>({ metadata: () => undefined }),
    replicationcontroller: objects<ReplicationControllerLive>(),
    node: new MutableTable<NodeLive>({ metadata: ({ node }) => node.metadata }),
    buildconfig: objects<BuildConfigLive>(),
    build: objects<BuildLive>(),
    imagestream: objects<ImageStreamLive>(),
    route: objects<RouteLive>(Object.values(routes)),
  } satisfies Record<StreamKind, unknown>;
  return { tables, pods, services, routes };
};
