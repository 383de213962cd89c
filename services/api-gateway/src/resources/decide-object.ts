import type { ClusterState } from "@slipway/cluster";
import {
  type BuildConfigState,
  buildConfigDecider,
  type DomainEvent,
  findKind,
  type ImageStreamState,
  imageStreamDecider,
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
import type { KindObject } from "@slipway/manifest";
import type { NodeJson, ServiceJson } from "@slipway/proto";
import type { GatewayContext } from "../gateway-context.ts";
import type { StreamDecision } from "../store-decision.ts";
import { askedAddress, checkHost, withHost } from "./complete-object.ts";
import { streamOf } from "./object-key.ts";
import { type ServiceRange, serviceRange } from "./service-addresses.ts";

/** Decides objects of one call one after another; what one takes, the next cannot have. */
export class ObjectDecisions {
  readonly #context: GatewayContext;
  readonly #state: ClusterState;
  readonly #createOnly: boolean;
  readonly #range: ServiceRange;
  readonly #addresses = new Set<string>();

  constructor(context: GatewayContext, state: ClusterState, createOnly: boolean) {
    this.#context = context;
    this.#state = state;
    this.#createOnly = createOnly;
    this.#range = serviceRange(context.settings.serviceCidr);
  }

  /** What has to be stored so that the object is as wished; the object's own stream comes first. */
  decide(object: KindObject): readonly StreamDecision[] {
    const { name = "", namespace = "" } = object.metadata;
    const info = findKind(object.kind);
    if (info === undefined) throw new SlipwayError("UnknownKind", `There is no kind "${object.kind}".`);
    const stream = streamOf(info, namespace, name);
    const state = this.#state.streamState(stream);
    const create = this.#createOnly;
    switch (object.kind) {
      case "Project":
        return [
          {
            stream,
            events: projectDecider.decide(
              { type: create ? "CreateProject" : "ApplyProject", object },
              state as ProjectState,
            ),
          },
        ];
      case "Pod":
        return [
          {
            stream,
            events: podDecider.decide({ type: create ? "CreatePod" : "ApplyPod", pod: object }, state as PodState),
          },
        ];
      case "ReplicationController": {
        const type = create ? "CreateReplicationController" : "ApplyReplicationController";
        return [
          {
            stream,
            events: replicationControllerDecider.decide({ type, object }, state as ReplicationControllerState),
          },
        ];
      }
      case "BuildConfig": {
        const type = create ? "CreateBuildConfig" : "ApplyBuildConfig";
        return [{ stream, events: buildConfigDecider.decide({ type, object }, state as BuildConfigState) }];
      }
      case "ImageStream": {
        const type = create ? "CreateImageStream" : "ApplyImageStream";
        return [{ stream, events: imageStreamDecider.decide({ type, object }, state as ImageStreamState) }];
      }
      case "Route": {
        const live = state as RouteState;
        const route = withHost(
          object,
          live.status === "live" ? live.object : undefined,
          this.#context.settings.routeSuffix,
        );
        const events = routeDecider.decide({ type: create ? "CreateRoute" : "ApplyRoute", object: route }, live);
        if (events.length > 0) checkHost(this.#state, hostedRoute(route, live));
        return [{ stream, events }];
      }
      case "Service":
        return this.#service(stream, object, state as ServiceState);
      case "Node":
        return [{ stream, events: decideNode(object, state as NodeState) }];
      case "Build":
        throw new SlipwayError(
          "Invalid",
          "Builds are not applied but started: use `slipway start-build <build config>`.",
          {
            problems: [{ path: "kind", message: "builds are started from a build config" }],
          },
        );
      default:
        return object satisfies never;
    }
  }

  /** A service and its address change together, so that no two services ever hold one address. */
  #service(stream: string, object: ServiceJson, state: ServiceState): readonly StreamDecision[] {
    const live = state.status === "live" ? state.object : undefined;
    const asked = askedAddress(object, live);
    const address = asked === "" ? this.#range.free(this.#state, this.#addresses, this.#context.random()) : asked;
    const wished = { ...object, spec: { ...object.spec, clusterIP: object.spec?.clusterIP || address } };
    const events = serviceDecider.decide(
      { type: this.#createOnly ? "CreateService" : "ApplyService", object: wished },
      state,
    );
    if (live !== undefined || address === "None") return [{ stream, events }];
    if (!this.#range.contains(address)) {
      const message = `Invalid value: "${address}": provided IP is not in the valid range ${this.#context.settings.serviceCidr}`;
      throw new SlipwayError("Invalid", `spec.clusterIP: ${message}: leave it out to have one chosen.`, {
        problems: [{ path: "spec.clusterIP", message }],
      });
    }
    this.#addresses.add(address);
    const claim = `service-ip/_/${address}`;
    const claimed = serviceAddressDecider.decide(
      { type: "ClaimServiceAddress", holder: stream },
      this.#state.streamState(claim) as ServiceAddressState,
    );
    return [
      { stream, events },
      { stream: claim, events: claimed },
    ];
  }
}

/** The route with the host that it will have. */
const hostedRoute = (route: Extract<KindObject, { kind: "Route" }> | ReturnType<typeof withHost>, live: RouteState) =>
  route.spec?.host || live.status !== "live"
    ? route
    : { ...route, spec: { ...route.spec, host: live.object.spec?.host ?? "" } };

/** Users may take a node out of use and label it; everything else about it is its agent's to say. */
const decideNode = (wished: NodeJson, state: NodeState): readonly DomainEvent[] => {
  if (state.status !== "live") {
    throw new SlipwayError(
      "NotFound",
      `Node "${wished.metadata?.name}" has not joined: nodes join by running an agent.`,
    );
  }
  return nodeDecider.decide(
    wished.spec?.unschedulable === true ? { type: "CordonNode", reason: "by request" } : { type: "UncordonNode" },
    state,
  );
};
