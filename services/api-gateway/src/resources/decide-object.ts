import type { ClusterState } from "@slipway/cluster";
import {
  type BuildConfigState,
  buildConfigDecider,
  type DomainEvent,
  type ImageStreamState,
  imageStreamDecider,
  type NodeState,
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
import { type Random, SlipwayError } from "@slipway/kernel";
import type { KindObject } from "@slipway/manifest";
import type { RouteJson, ServiceJson } from "@slipway/proto";
import type { GatewaySettings } from "../gateway-context.ts";
import type { StreamDecision } from "../store-decision.ts";
import { decideNode } from "./decide-node.ts";
import { HostClaims, withHost } from "./route-host.ts";
import { hasAddress, ServiceAddresses } from "./service-addresses.ts";

export interface ObjectDecisionsOptions {
  readonly state: ClusterState;
  readonly random: Random;
  readonly settings: Pick<GatewaySettings, "serviceCidr" | "routeSuffix">;
  /** Addresses that the call's services name. */
  readonly asked: readonly string[];
}

/** Decides the objects of one call, one after another: what one takes, the next cannot have. */
export class ObjectDecisions {
  readonly #state: ClusterState;
  readonly #routeSuffix: string;
  readonly #addresses: ServiceAddresses;
  readonly #hosts = new HostClaims();

  constructor({ state, random, settings, asked }: ObjectDecisionsOptions) {
    this.#state = state;
    this.#routeSuffix = settings.routeSuffix;
    this.#addresses = new ServiceAddresses(state, random, settings.serviceCidr, asked);
  }

  /** What has to be stored so that the object, whose stream this is, is as wished. `create`: it must not be there yet. */
  decide(object: KindObject, stream: string, create: boolean): readonly StreamDecision[] {
    const state = this.#state.streamState(stream);
    const only = (events: readonly DomainEvent[]): StreamDecision[] => [{ stream, events }];
    switch (object.kind) {
      case "Project": {
        const type = create ? "CreateProject" : "ApplyProject";
        return only(projectDecider.decide({ type, object }, state as ProjectState));
      }
      case "Pod": {
        const type = create ? "CreatePod" : "ApplyPod";
        return only(podDecider.decide({ type, pod: object }, state as PodState));
      }
      case "ReplicationController": {
        const type = create ? "CreateReplicationController" : "ApplyReplicationController";
        return only(replicationControllerDecider.decide({ type, object }, state as ReplicationControllerState));
      }
      case "BuildConfig": {
        const type = create ? "CreateBuildConfig" : "ApplyBuildConfig";
        return only(buildConfigDecider.decide({ type, object }, state as BuildConfigState));
      }
      case "ImageStream": {
        const type = create ? "CreateImageStream" : "ApplyImageStream";
        return only(imageStreamDecider.decide({ type, object }, state as ImageStreamState));
      }
      case "Route":
        return only(this.#route(object, state as RouteState, create));
      case "Service":
        return this.#service(stream, object, state as ServiceState, create);
      case "Node":
        return only(decideNode(object, state as NodeState));
      case "Build":
        throw notApplied();
      default:
        return object satisfies never;
    }
  }

  #route(object: RouteJson, state: RouteState, create: boolean): readonly DomainEvent[] {
    const route = withHost(object, state.status === "live" ? state.object : undefined, this.#routeSuffix);
    const events = routeDecider.decide({ type: create ? "CreateRoute" : "ApplyRoute", object: route }, state);
    for (const { data } of events) {
      if ("route" in data && data.route !== undefined) this.#hosts.claim(this.#state, data.route);
    }
    return events;
  }

  /** A service and its address come together, so that no two services ever hold one address. */
  #service(stream: string, object: ServiceJson, state: ServiceState, create: boolean): readonly StreamDecision[] {
    const type = create ? "CreateService" : "ApplyService";
    if (state.status === "live") return [{ stream, events: serviceDecider.decide({ type, object }, state) }];
    const address = object.spec?.clusterIP || this.#addresses.choose();
    const wished = { ...object, spec: { ...object.spec, clusterIP: address } };
    const events = serviceDecider.decide({ type, object: wished }, state);
    return [{ stream, events }, ...(hasAddress(address) ? [this.#addresses.claim(address, stream)] : [])];
  }
}

const notApplied = (): SlipwayError =>
  new SlipwayError("Invalid", "kind: builds are started, not applied: use `slipway start-build <build config>`.", {
    problems: [{ path: "kind", message: "builds are started, not applied" }],
  });
