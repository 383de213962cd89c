import { type Bus, FeedOwner } from "@slipway/bus";
import { type Change, type ClusterState, routesTo, serviceEndpoints } from "@slipway/cluster";
import { type EndpointsValue, matchesSelector, type ServiceRouteValue } from "@slipway/domain";
import type { ServicePortJson } from "@slipway/proto";

/** Where a service's traffic goes now, for every node and the edge. Nothing when the service is gone. */
export const endpointsValue = (state: ClusterState, project: string, service: string): EndpointsValue | undefined => {
  const entry = state.services.get(project, service);
  if (entry === undefined) return undefined;
  const { metadata, spec } = entry.state.object;
  const { clusterIP = "", ports = [], sessionAffinity } = spec ?? {};
  return {
    project,
    service,
    uid: metadata?.uid ?? "",
    clusterIP: clusterIP === "None" ? "" : clusterIP,
    ...(sessionAffinity ? { sessionAffinity } : {}),
    ports: ports.map(({ name = "", port = 0, protocol }) => ({
      name,
      port,
      protocol: protocol === "UDP" ? "UDP" : "TCP",
    })),
    endpoints: serviceEndpoints(state, entry),
    routes: routesTo(state, project, service).map((route) => ({ ...route, ...servicePortOf(route, ports) })),
    position: state.position,
  };
};

/** A route names a port of its service by its own name or number or by its target's; the feed tells the service's own port. */
const servicePortOf = (
  route: ServiceRouteValue,
  ports: readonly ServicePortJson[],
): Pick<ServiceRouteValue, "portName" | "port"> => {
  const wanted = route.portName ?? route.port;
  if (wanted === undefined) return {};
  const named = ({ name, port, targetPort }: ServicePortJson) =>
    name === wanted || String(targetPort ?? port) === String(wanted) || String(port) === String(wanted);
  const found = ports.find(named);
  return found === undefined ? {} : { port: found.port ?? 0, ...(found.name ? { portName: found.name } : {}) };
};

/** The endpoints feed, kept equal to the read model. An id is a service's `<project>/<name>`. */
export const endpointsOwner = (state: () => ClusterState, feed: Bus["endpoints"]) =>
  new FeedOwner({
    feed,
    ids: () => [...state().services.list()].map(({ project, name }) => `${project}/${name}`),
    wanted: (id) => {
      const slash = id.indexOf("/");
      const [project, service] = [id.slice(0, slash), id.slice(slash + 1)];
      const value = endpointsValue(state(), project, service);
      return value && { key: { project, service }, value };
    },
    idOf: ({ project, service }) => `${project}/${service}`,
    // Where it was computed is worth no message by itself.
    essence: (value) => ({ ...(value as EndpointsValue), position: 0 }),
  });

/** The services whose endpoints a batch of events may have changed. */
export const touchedServices = (state: ClusterState, changes: readonly Change[]): string[] => {
  const ids = new Set<string>();
  const addProject = (project: string) => {
    for (const service of state.services.list(project)) ids.add(`${project}/${service.name}`);
  };
  for (const { kind, project, name, type } of changes) {
    if (kind === "service") ids.add(`${project}/${name}`);
    // Another project's route may get the host that this one gives back.
    else if (kind === "route") for (const route of state.routes.list()) addProject(route.project);
    if (kind === "route") addProject(project);
    else if (kind === "node") for (const pod of state.podsOnNode(name)) addProject(pod.project);
    else if (kind === "pod-status") {
      const labels = state.pods.get(project, name)?.state.pod.metadata?.labels ?? {};
      for (const service of state.services.list(project)) {
        if (matchesSelector(labels, service.state.object.spec?.selector ?? {})) ids.add(`${project}/${service.name}`);
      }
    } else if (kind === "pod" && type !== "PodUnschedulable") addProject(project);
  }
  return [...ids];
};
