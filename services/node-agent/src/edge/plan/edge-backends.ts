import type { EndpointsValue, EndpointValue, ServicePortValue, ServiceRouteValue } from "@slipway/domain";
import { deterministicUuid } from "@slipway/kernel";
import { targetPort } from "../../network/plan/vips.ts";

/** One pod's port behind a route. */
export interface EdgeServer {
  /** `10.88.0.4:8080`. */
  readonly address: string;
  /** 1 to 256. */
  readonly weight: number;
}

/** Everything behind one host and path. */
export interface EdgeBackend {
  readonly name: string;
  readonly host: string;
  /** Without a slash at its end; empty for all paths. */
  readonly path: string;
  /** `demo/web` each, for the page that says that nothing answers. */
  readonly services: readonly string[];
  readonly servers: readonly EdgeServer[];
}

interface RouteToService {
  readonly route: ServiceRouteValue;
  readonly service: EndpointsValue;
}

/** The backends of the edge, sorted by name. Traffic of one route is shared between services by weight. */
export const edgeBackends = (services: Iterable<EndpointsValue>, draining: ReadonlySet<string>): EdgeBackend[] => {
  const byPlace = new Map<string, RouteToService[]>();
  for (const service of services) {
    for (const route of service.routes) {
      if (!isHost(route.host)) continue;
      const place = `${route.host.toLowerCase()}${cleanPath(route.path)}`;
      byPlace.set(place, [...(byPlace.get(place) ?? []), { route, service }]);
    }
  }
  return [...byPlace]
    .map(([place, routes]) => backendOf(place, routes, draining))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

const backendOf = (place: string, routes: readonly RouteToService[], draining: ReadonlySet<string>): EdgeBackend => {
  const slash = place.indexOf("/");
  const host = slash < 0 ? place : place.slice(0, slash);
  const groups = routes.map(({ route, service }) => ({
    weight: route.weight,
    addresses: addressesOf(service, route, draining),
  }));
  return {
    name: `route_${deterministicUuid(place).replaceAll("-", "").slice(0, 16)}`,
    host,
    path: slash < 0 ? "" : place.slice(slash),
    services: [...new Set(routes.map(({ service }) => `${service.project}/${service.service}`))].sort(),
    servers: weigh(groups),
  };
};

const addressesOf = (
  service: EndpointsValue,
  route: ServiceRouteValue,
  draining: ReadonlySet<string>,
): readonly string[] => {
  const ready = service.endpoints.filter(({ ready, uid }) => ready && !draining.has(uid));
  return ready.flatMap((endpoint) => {
    const port = routePort(service, route, endpoint);
    return port === undefined ? [] : [`${endpoint.ip}:${port}`];
  });
};

/** A route names a service port, or the number of the pods' own port. */
const routePort = (service: EndpointsValue, route: ServiceRouteValue, endpoint: EndpointValue): number | undefined => {
  const behind = (port: ServicePortValue | undefined) => (port === undefined ? undefined : targetPort(endpoint, port));
  if (route.portName !== undefined) return behind(service.ports.find(({ name }) => name === route.portName));
  if (route.port === undefined) return behind(service.ports[0]);
  const wanted = route.port;
  const byTarget = service.ports.find((port) => targetPort(endpoint, port) === wanted);
  return behind(byTarget ?? service.ports.find(({ port }) => port === wanted));
};

const MAX_WEIGHT = 256;
const EVEN_WEIGHT = 100;

/** A service's weight is shared by its pods, so that its part of the traffic does not grow with them. */
const weigh = (groups: readonly { readonly weight: number; readonly addresses: readonly string[] }[]): EdgeServer[] => {
  const live = groups.filter(({ weight, addresses }) => weight > 0 && addresses.length > 0);
  const shares = live.map(({ weight, addresses }) => weight / addresses.length);
  const largest = Math.max(...shares, 0);
  const weightOf = (share: number) =>
    live.length === 1 ? EVEN_WEIGHT : Math.max(1, Math.round((share / largest) * MAX_WEIGHT));
  return live
    .flatMap(({ addresses }, index) =>
      addresses.map((address) => ({ address, weight: weightOf(shares[index] ?? largest) })),
    )
    .sort((a, b) => (a.address < b.address ? -1 : 1));
};

/** `/shop/` and `/shop` are one; characters that could end a line or a word of the configuration are left out. */
const cleanPath = (path: string): string =>
  `/${path}`
    .replace(/[^A-Za-z0-9._~%!$&'()*+,;=:@/-]/g, "")
    .replace(/\/+/g, "/")
    .replace(/\/$/, "");

const isHost = (host: string): boolean => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host);
