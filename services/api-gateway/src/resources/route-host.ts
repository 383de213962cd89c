import { type ClusterState, routeAdmission } from "@slipway/cluster";
import { HOST_GENERATED } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { RouteJson } from "@slipway/proto";

/** A route without a host gets one made of its name; one that was made up before is kept by the domain. */
export const withHost = (route: RouteJson, live: RouteJson | undefined, routeSuffix: string): RouteJson => {
  if (route.spec?.host) return route;
  if (live?.spec?.host && live.metadata?.annotations?.[HOST_GENERATED] === "true") return route;
  const { name = "", namespace = "" } = route.metadata ?? {};
  return {
    ...route,
    metadata: { ...route.metadata, annotations: { ...route.metadata?.annotations, [HOST_GENERATED]: "true" } },
    spec: { ...route.spec, host: `${name.replaceAll(".", "-")}-${namespace}.${routeSuffix}` },
  };
};

const pathOf = (route: RouteJson): string => (route.spec?.path === "/" ? "" : (route.spec?.path ?? ""));

/** Hosts and paths that routes of one call take, so that two of them cannot take the same. */
export class HostClaims {
  readonly #taken = new Map<string, RouteJson[]>();

  /** Refuses a host that somebody else holds, where that is known now; a race is settled by age, in the route's status. */
  claim(state: ClusterState, route: RouteJson): void {
    const { host = "" } = route.spec ?? {};
    const { name, namespace } = route.metadata ?? {};
    for (const other of state.routesOnHost(host)) {
      if (other.project === namespace && other.name === name) continue;
      if (routeAdmission(state, other).admitted) this.#compare(route, other.state.object);
    }
    const others = this.#taken.get(host) ?? [];
    for (const other of others) this.#compare(route, other);
    this.#taken.set(host, [...others, route]);
  }

  #compare(route: RouteJson, other: RouteJson): void {
    const { host } = route.spec ?? {};
    const sameProject = other.metadata?.namespace === route.metadata?.namespace;
    if (sameProject && pathOf(other) !== pathOf(route)) return;
    // Not which other project: its name is nobody else's business.
    const message = sameProject
      ? `route ${other.metadata?.name} already exposes ${host}${pathOf(route)}`
      : `a route in another project holds ${host}`;
    throw new SlipwayError("HostAlreadyClaimed", `spec.host: ${message}: choose another host or path.`, {
      problems: [{ path: "spec.host", message }],
    });
  }
}
