import { type Bus, FeedOwner } from "@slipway/bus";
import type { Change, ClusterState, Entry } from "@slipway/cluster";
import {
  type EndpointsValue,
  type EndpointValue,
  matchesSelector,
  type PodLive,
  podReadiness,
  type ServiceRouteValue,
} from "@slipway/domain";
import type { ContainerPortJson, ServicePortJson } from "@slipway/proto";

/** Where a service's traffic goes now, for every node and the edge. Nothing when the service is gone. */
export const endpointsValue = (state: ClusterState, project: string, service: string): EndpointsValue | undefined => {
  const entry = state.services.get(project, service);
  if (entry === undefined) return undefined;
  const { metadata, spec } = entry.state.object;
  const { clusterIP = "", ports = [], selector = {}, sessionAffinity } = spec ?? {};
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
    endpoints:
      Object.keys(selector).length === 0
        ? []
        : [...state.pods.select(project, selector)]
            .flatMap((pod) => endpointOf(state, pod, ports, spec?.publishNotReadyAddresses === true))
            .sort((a, b) => (a.pod < b.pod ? -1 : 1)),
    routes: routesTo(state, project, service),
    position: state.position,
  };
};

const endpointOf = (
  state: ClusterState,
  { project, name, state: pod }: Entry<PodLive>,
  ports: readonly ServicePortJson[],
  publishNotReady: boolean,
): EndpointValue[] => {
  const uid = pod.pod.metadata?.uid ?? "";
  const status = state.podStatuses.get(project, name)?.state;
  const ip = status?.uid === uid ? status.sandbox?.podIP : undefined;
  if (!ip || status?.stopped || status?.finished !== undefined) return [];
  // The pod of an unreachable node may run on, but nobody can tell.
  const reachable = pod.node !== undefined && state.nodes.get("", pod.node)?.state.ready !== false;
  const ready = (publishNotReady || (pod.deletion === undefined && podReadiness(pod, status).ready)) && reachable;
  const containerPorts = (pod.pod.spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return [{ pod: name, uid, node: pod.node ?? "", ip, ready, ports: targetPorts(ports, containerPorts) }];
};

/** By service port: the pod's port, where a name may mean another number in each pod. */
const targetPorts = (
  ports: readonly ServicePortJson[],
  named: readonly ContainerPortJson[],
): Record<string, number> => {
  const targets: Record<string, number> = {};
  for (const { name, port = 0, targetPort } of ports) {
    const wanted = targetPort ?? port;
    const number = typeof wanted === "number" ? wanted : Number(wanted);
    const target =
      Number.isInteger(number) && number > 0 ? number : named.find((p) => p.name === wanted)?.containerPort;
    if (target !== undefined) targets[name || String(port)] = target;
  }
  return targets;
};

/**
 * The routes that lead to a service and hold their host: the route made first holds a host and path, and a host belongs
 * to the project that claimed it first.
 */
const routesTo = (state: ClusterState, project: string, service: string): ServiceRouteValue[] => {
  const routes: ServiceRouteValue[] = [];
  for (const route of state.routes.list(project)) {
    const { to, host = "", path = "", port } = route.state.object.spec ?? {};
    if (to?.name !== service || !host || !holdsHost(state, project, route.name)) continue;
    const target = port?.targetPort;
    const servicePort = target === undefined ? undefined : portOf(state, project, service, target);
    routes.push({
      name: route.name,
      host,
      path,
      weight: to.weight ?? 100,
      ...(servicePort?.name ? { portName: servicePort.name } : {}),
      ...(servicePort?.port ? { port: servicePort.port } : {}),
    });
  }
  return routes.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** A route names the service's port by the port's name, or by the target's name or number. */
const portOf = (state: ClusterState, project: string, service: string, target: unknown): ServicePortJson | undefined =>
  state.services
    .get(project, service)
    ?.state.object.spec?.ports?.find(
      ({ name, port, targetPort }) =>
        name === target || String(targetPort ?? port) === String(target) || String(port) === String(target),
    );

const holdsHost = (state: ClusterState, project: string, name: string): boolean => {
  const own = state.routes.get(project, name);
  if (own === undefined) return false;
  const { host, path = "" } = own.state.object.spec ?? {};
  for (const other of state.routes.list()) {
    if (other.createdAt >= own.createdAt || other.state.object.spec?.host !== host) continue;
    if (other.project !== project || (other.state.object.spec?.path ?? "") === path) return false;
  }
  return true;
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
