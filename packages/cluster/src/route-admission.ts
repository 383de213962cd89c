import type { RouteAdmission, RouteLive, ServiceRouteValue } from "@slipway/domain";
import type { ClusterState } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";

const pathOf = ({ state }: Entry<RouteLive>): string => {
  const path = state.object.spec?.path ?? "";
  return path === "/" ? "" : path;
};

const refused = (reason: string, message: string): RouteAdmission => ({ admitted: false, reason, message });

/**
 * Whether the edge lets a route in. A host belongs to the project that claimed it first, with all its paths; within
 * that project the oldest route has each path. Age is the position at which the route was created.
 */
export const routeAdmission = (state: ClusterState, route: Entry<RouteLive>): RouteAdmission => {
  const host = route.state.object.spec?.host ?? "";
  if (host === "") return refused("RouteNotAdmitted", "spec.host: the route has no host yet.");
  let oldest = route;
  let oldestOfPath = route;
  for (const other of state.routesOnHost(host)) {
    if (other.createdAt < oldest.createdAt) oldest = other;
    const samePath = other.project === route.project && pathOf(other) === pathOf(route);
    if (samePath && other.createdAt < oldestOfPath.createdAt) oldestOfPath = other;
  }
  if (oldest.project !== route.project) {
    // Not which project: its name is nobody else's business.
    return refused("HostAlreadyClaimed", `a route in another project holds ${host} and is older: choose another host`);
  }
  if (oldestOfPath !== route) {
    return refused("HostAlreadyClaimed", `route ${oldestOfPath.name} already exposes ${host} and is older`);
  }
  return { admitted: true };
};

/** The admitted routes that lead to a service, as the endpoints feed tells them, the oldest first. */
export const routesTo = (state: ClusterState, project: string, service: string): readonly ServiceRouteValue[] =>
  [...state.routesTo(project, service)]
    .filter((route) => routeAdmission(state, route).admitted)
    .sort((a, b) => a.createdAt - b.createdAt)
    .map(routeValue);

/** Kubernetes' default share of a backend. */
const DEFAULT_WEIGHT = 100;

const routeValue = (route: Entry<RouteLive>): ServiceRouteValue => {
  const { host = "", to, port } = route.state.object.spec ?? {};
  const target = port?.targetPort;
  return {
    name: route.name,
    host,
    path: pathOf(route),
    weight: to?.weight ?? DEFAULT_WEIGHT,
    ...targetOf(target),
  };
};

/** A route names its service's port by the name, or by the number, of the port's target. */
const targetOf = (target: unknown): Pick<ServiceRouteValue, "portName" | "port"> => {
  if (typeof target === "number") return { port: target };
  if (typeof target !== "string" || target === "") return {};
  return /^[0-9]+$/.test(target) ? { port: Number(target) } : { portName: target };
};
