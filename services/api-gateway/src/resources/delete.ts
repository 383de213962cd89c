import type { ClusterState } from "@slipway/cluster";
import {
  type BuildConfigState,
  type BuildState,
  buildConfigDecider,
  buildDecider,
  type DomainEvent,
  type ImageStreamState,
  imageStreamDecider,
  type Kind,
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
  type ServiceState,
  serviceDecider,
} from "@slipway/domain";
import type { DeleteRequest, Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import { callerOf } from "../caller.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { type StreamDecision, storeDecision } from "../store-decision.ts";
import { type Target, targetsOf } from "./delete-targets.ts";
import { orphanPods, refuseOrphans } from "./orphan-pods.ts";
import { releaseAddress } from "./service-addresses.ts";

/** Asks for the end of objects, all in one append. What they own follows by garbage collection, unless it is orphaned. */
export const remove =
  (context: GatewayContext): ServiceImpl<typeof Resources>["delete"] =>
  async (request, call) => {
    let targets: readonly Target[] = [];
    const { position } = await storeDecision(context, callerOf(call, context), call, (state) => {
      targets = targetsOf(state, request);
      const at = new Date(context.clock.now()).toISOString();
      return targets.flatMap((target) => decideDeletion(state, target, request, at, targets));
    });
    return {
      position: BigInt(position),
      deleted: targets.map(({ kind, project, name }) => ({ kind: kind.kind, project, name })),
    };
  };

/** `at`, RFC 3339, is when deletion was asked for; `all` are the objects of the call. */
const decideDeletion = (
  state: ClusterState,
  target: Target,
  request: DeleteRequest,
  at: string,
  all: readonly Target[],
): readonly StreamDecision[] => {
  const { stream } = target;
  const current = state.streamState(stream);
  const only = (events: readonly DomainEvent[]): StreamDecision[] => [{ stream, events }];
  // Targets are of kinds that we serve.
  const kind = target.kind.kind as Exclude<Kind, "Endpoints">;
  if (request.orphan) refuseOrphans(kind);
  switch (kind) {
    case "Project":
      return only(projectDecider.decide({ type: "RequestProjectDeletion", at }, current as ProjectState));
    case "Pod": {
      const { gracePeriodSeconds } = request;
      const grace = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: Math.max(0, gracePeriodSeconds) };
      const command = { type: "RequestPodDeletion", at, reason: "Deleted", ...grace } as const;
      return only(podDecider.decide(command, current as PodState));
    }
    case "ReplicationController": {
      const command = { type: "DeleteReplicationController" } as const;
      return [
        ...(request.orphan ? orphanPods(state, target, new Set(all.map((one) => one.stream))) : []),
        ...only(replicationControllerDecider.decide(command, current as ReplicationControllerState)),
      ];
    }
    case "Service": {
      const service = current as ServiceState;
      return [
        ...only(serviceDecider.decide({ type: "DeleteService" }, service)),
        ...(service.status === "live" ? releaseAddress(state, stream, service.object) : []),
      ];
    }
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
      return kind satisfies never;
  }
};
