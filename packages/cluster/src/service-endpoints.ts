import { type EndpointValue, type PodLive, podReadiness, type ServiceLive } from "@slipway/domain";
import type { ClusterState } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";
import { portKeyOf, targetPortOf } from "./target-port.ts";

/** One pod behind a service, with the service's ports that it can answer on. */
export interface Backend extends EndpointValue {
  readonly entry: Entry<PodLive>;
}

/**
 * The pods that a service chooses and that can be spoken to: they have an address, have not ended and are not about to.
 * A pod is ready when it says so and its node is heard of, or when the service publishes addresses that are not ready.
 * Ordered by name.
 */
export const backendsOf = (state: ClusterState, service: Entry<ServiceLive>): Backend[] => {
  const { selector, ports = [], publishNotReadyAddresses } = service.state.object.spec ?? {};
  // A service without a selector has no pods of ours behind it.
  if (selector === undefined || Object.keys(selector).length === 0) return [];
  const backends: Backend[] = [];
  for (const entry of state.pods.select(service.project, selector)) {
    const { pod, deletion, node = "" } = entry.state;
    const status = state.podStatuses.get(entry.project, entry.name)?.state;
    const ip = status?.sandbox?.podIP ?? "";
    if (ip === "" || deletion !== undefined || status?.finished !== undefined || status?.stopped) continue;
    const resolved = ports.flatMap((port) => {
      const target = targetPortOf(port, pod.spec);
      return target === undefined ? [] : [[portKeyOf(port), target] as const];
    });
    const ready =
      publishNotReadyAddresses === true || (podReadiness(entry.state, status).ready && !isUnreachable(state, node));
    backends.push({
      entry,
      pod: entry.name,
      uid: pod.metadata?.uid ?? "",
      node,
      ip,
      ready,
      ports: Object.fromEntries(resolved),
    });
  }
  return backends.sort((a, b) => (a.pod < b.pod ? -1 : 1));
};

/** True when nobody has heard of the node for longer than its lease, or it was taken out. */
export const isUnreachable = (state: ClusterState, node: string): boolean => {
  const known = state.nodes.get("", node);
  return known === undefined || known.state.ready === false;
};

/** What the endpoints feed says of the pods behind a service. */
export const serviceEndpoints = (state: ClusterState, service: Entry<ServiceLive>): readonly EndpointValue[] =>
  backendsOf(state, service).map(({ entry: _entry, ...value }) => value);
