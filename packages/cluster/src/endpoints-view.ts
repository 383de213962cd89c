import type { ServiceLive } from "@slipway/domain";
import type { EndpointAddressJson, EndpointPortJson, EndpointSubsetJson, EndpointsJson } from "@slipway/proto";
import type { ClusterState } from "./cluster-state.ts";
import type { Entry } from "./entry.ts";
import { type Backend, backendsOf } from "./service-endpoints.ts";
import { portKeyOf } from "./target-port.ts";

/** Where a service's traffic goes now, in Kubernetes' shape: pods with the same ports stand in one subset. */
export const endpointsOf = (state: ClusterState, service: Entry<ServiceLive>): EndpointsJson => {
  const { metadata } = service.state.object;
  const subsets = new Map<string, Subset>();
  for (const backend of backendsOf(state, service)) {
    const ports = portsOf(service, backend);
    // It answers on none of the service's ports.
    if (ports.length === 0 && (service.state.object.spec?.ports?.length ?? 0) > 0) continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ports, ready: [], notReady: [] };
    subsets.set(key, subset);
    (backend.ready ? subset.ready : subset.notReady).push(addressOf(backend));
  }
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name: service.name,
      namespace: service.project,
      ...(metadata?.labels === undefined ? {} : { labels: metadata.labels }),
      ...(metadata?.uid === undefined ? {} : { uid: metadata.uid }),
      ...(metadata?.creationTimestamp === undefined ? {} : { creationTimestamp: metadata.creationTimestamp }),
    },
    subsets: [...subsets.values()].map(subsetView),
  };
};

interface Subset {
  readonly ports: readonly EndpointPortJson[];
  readonly ready: EndpointAddressJson[];
  readonly notReady: EndpointAddressJson[];
}

const subsetView = ({ ports, ready, notReady }: Subset): EndpointSubsetJson => ({
  ...(ready.length === 0 ? {} : { addresses: ready }),
  ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
  ...(ports.length === 0 ? {} : { ports: [...ports] }),
});

const portsOf = (service: Entry<ServiceLive>, backend: Backend): EndpointPortJson[] =>
  (service.state.object.spec?.ports ?? []).flatMap((port) => {
    const target = backend.ports[portKeyOf(port)];
    if (target === undefined) return [];
    return [{ ...(port.name ? { name: port.name } : {}), port: target, protocol: port.protocol ?? "TCP" }];
  });

const addressOf = ({ ip, node, pod, uid, entry }: Backend): EndpointAddressJson => ({
  ip,
  nodeName: node,
  targetRef: { kind: "Pod", namespace: entry.project, name: pod, uid },
});
