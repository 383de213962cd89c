import { type ClusterState, routeAdmission } from "@slipway/cluster";
import { HOST_GENERATED } from "@slipway/domain";
import { SlipwayError, shortId } from "@slipway/kernel";
import type { KindObject } from "@slipway/manifest";
import type { RouteJson, ServiceJson } from "@slipway/proto";
import type { GatewayContext } from "../gateway-context.ts";

/** Gives an object what only the server can: a name where one is to be made up, an identity, its moment. */
export const withIdentity = (object: KindObject, { newId, clock, random }: GatewayContext): KindObject => {
  const { metadata } = object;
  const name = metadata.name || (metadata.generateName ? `${metadata.generateName}${shortId(random)}` : "");
  return {
    ...object,
    metadata: { ...metadata, name, uid: newId(), creationTimestamp: new Date(clock.now()).toISOString() },
  } as KindObject;
};

/** A route without a host gets one made of its name, unless it has one already. */
export const withHost = (route: RouteJson, live: RouteJson | undefined, routeSuffix: string): RouteJson => {
  if (route.spec?.host || live?.spec?.host) return route;
  const { name = "", namespace = "" } = route.metadata ?? {};
  return {
    ...route,
    metadata: { ...route.metadata, annotations: { ...route.metadata?.annotations, [HOST_GENERATED]: "true" } },
    spec: { ...route.spec, host: `${name.replaceAll(".", "-")}-${namespace}.${routeSuffix}` },
  };
};

/** Refuses a host that somebody else holds, where that is known now; a race is settled by age, in the route's status. */
export const checkHost = (state: ClusterState, route: RouteJson): void => {
  const { host = "", path = "" } = route.spec ?? {};
  const { name, namespace } = route.metadata ?? {};
  for (const other of state.routesOnHost(host)) {
    if (other.project === namespace && other.name === name) continue;
    const samePath = (other.state.object.spec?.path ?? "") === path;
    if (other.project === namespace && !samePath) continue;
    if (!routeAdmission(state, other).admitted) continue;
    const message =
      other.project === namespace
        ? `route ${other.name} already exposes ${host}${path}`
        : `a route in another project holds ${host}`;
    throw new SlipwayError("HostAlreadyClaimed", `spec.host: ${message}: choose another host or path.`, {
      problems: [{ path: "spec.host", message }],
    });
  }
};

/** The address that a service asks for or has; empty when one has to be chosen. */
export const askedAddress = (service: ServiceJson, live: ServiceJson | undefined): string =>
  live?.spec?.clusterIP || service.spec?.clusterIP || "";
