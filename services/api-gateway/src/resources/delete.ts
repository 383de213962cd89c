import { type ClusterState, listView } from "@slipway/cluster";
import {
  type BuildConfigState,
  type BuildState,
  buildConfigDecider,
  buildDecider,
  type DomainEvent,
  type ImageStreamState,
  imageStreamDecider,
  type KindInfo,
  type NodeState,
  nodeDecider,
  type PodState,
  type ProjectState,
  podDecider,
  projectDecider,
  type ReplicationControllerState,
  type RouteState,
  replicationControllerDecider,
  routeDecider,
  type ServiceAddressState,
  type ServiceState,
  serviceAddressDecider,
  serviceDecider,
} from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { DeleteRequest, Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";
import { type StreamDecision, storeDecision } from "../store-decision.ts";
import { kindNamed, notFound, projectFor, streamOf } from "./object-key.ts";

interface Target {
  readonly kind: KindInfo;
  readonly project: string;
  readonly name: string;
}

/** Asks for the end of objects, all in one append. What they own follows by garbage collection, unless it is orphaned. */
export const remove =
  (context: GatewayContext): ServiceImpl<typeof Resources>["delete"] =>
  async (request, call) => {
    let targets: readonly Target[] = [];
    const { position } = await storeDecision(context, call, (state) => {
      targets = targetsOf(state, request);
      return targets.flatMap((target) => decideDeletion(context, state, target, request));
    });
    return {
      position: BigInt(position),
      deleted: targets.map(({ kind, project, name }) => ({ kind: kind.kind, project, name })),
    };
  };

const targetsOf = (state: ClusterState, request: DeleteRequest): readonly Target[] => {
  if (request.keys.length > 0) {
    return request.keys.flatMap((key): Target[] => {
      const kind = kindNamed(key.kind);
      const project = projectFor(kind, key.project);
      const target = { kind, project, name: key.name };
      if (state.streamState(streamOf(kind, project, key.name)) !== undefined && isLive(state, target)) return [target];
      if (request.ignoreNotFound) return [];
      throw notFound(kind, project, key.name);
    });
  }
  const kind = kindNamed(request.kind);
  const project = projectFor(kind, request.project);
  return listView(state, kind.kind, kind.namespaced ? project : undefined, {
    labelSelector: request.labelSelector,
  }).map(({ metadata }) => ({ kind, project, name: metadata?.name ?? "" }));
};

const isLive = (state: ClusterState, { kind, project, name }: Target): boolean =>
  (state.streamState(streamOf(kind, project, name)) as { status?: string } | undefined)?.status === "live";

const decideDeletion = (
  context: GatewayContext,
  state: ClusterState,
  target: Target,
  request: DeleteRequest,
): readonly StreamDecision[] => {
  const { kind, project, name } = target;
  const stream = streamOf(kind, project, name);
  const current = state.streamState(stream);
  const at = new Date(context.clock.now()).toISOString();
  const only = (events: readonly DomainEvent[]): StreamDecision[] => [{ stream, events }];
  switch (kind.kind) {
    case "Project":
      return only(projectDecider.decide({ type: "RequestProjectDeletion", at }, current as ProjectState));
    case "Pod": {
      const grace = request.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: request.gracePeriodSeconds };
      return only(
        podDecider.decide({ type: "RequestPodDeletion", at, reason: "Deleted", ...grace }, current as PodState),
      );
    }
    case "ReplicationController":
      return [
        ...(request.orphan ? orphaned(state, target) : []),
        ...only(
          replicationControllerDecider.decide(
            { type: "DeleteReplicationController" },
            current as ReplicationControllerState,
          ),
        ),
      ];
    case "Service":
      return [
        ...only(serviceDecider.decide({ type: "DeleteService" }, current as ServiceState)),
        ...releasedAddress(state, stream, current as ServiceState),
      ];
    case "Route":
      return only(routeDecider.decide({ type: "DeleteRoute" }, current as RouteState));
    case "BuildConfig":
      return only(buildConfigDecider.decide({ type: "DeleteBuildConfig" }, current as BuildConfigState));
    case "Build":
      return only(buildDecider.decide({ type: "DeleteBuild" }, current as BuildState));
    case "ImageStream":
      return only(imageStreamDecider.decide({ type: "DeleteImageStream" }, current as ImageStreamState));
    case "Node":
      return only(nodeDecider.decide({ type: "DeleteNode" }, current as NodeState));
    default:
      throw new SlipwayError(
        "Invalid",
        `${kind.plural} are derived and cannot be deleted: delete what they come from.`,
      );
  }
};

/** The controller's pods stay, without an owner. */
const orphaned = (state: ClusterState, { project, name }: Target): readonly StreamDecision[] => {
  const uid = state.replicationControllers.get(project, name)?.state.object.metadata?.uid ?? "";
  return [...state.podsOwnedBy(uid)].map((pod) => ({
    stream: pod.stream,
    events: podDecider.decide(
      { type: "ReleasePod", uid: pod.state.pod.metadata?.uid ?? "", ownerUid: uid, reason: "Orphaned" },
      pod.state,
    ),
  }));
};

const releasedAddress = (state: ClusterState, holder: string, service: ServiceState): readonly StreamDecision[] => {
  const address = service.status === "live" ? service.object.spec?.clusterIP : undefined;
  if (!address || address === "None") return [];
  const stream = `service-ip/_/${address}`;
  const current = state.streamState(stream) as ServiceAddressState;
  return [{ stream, events: serviceAddressDecider.decide({ type: "ReleaseServiceAddress", holder }, current) }];
};
