import type { ServiceJson, ServicePortJson, ServiceSpecJson } from "@slipway/proto";
import { clusterIp } from "../format/addresses.ts";
import { dns1035Label, dnsLabel } from "../format/names.ts";
import { port, portOrName } from "../format/numbers.ts";
import {
  boolean,
  integer,
  intOrString,
  later,
  laterUnless,
  list,
  noEffect,
  object,
  type Report,
  serverOwned,
  string,
} from "./field.ts";
import { labels, metadata } from "./meta.ts";

const servicePort = object<ServicePortJson>(
  {
    name: string({ format: dnsLabel }),
    port: integer({ required: true, format: port }),
    targetPort: intOrString({ format: portOrName }),
    protocol: string({ default: "TCP", values: ["TCP", "UDP"], later: ["SCTP"] }),
    nodePort: later(0),
    appProtocol: noEffect(),
  },
  {
    complete: (value) => {
      // An empty or zero target is the old way to say "the same port".
      if (value.targetPort === undefined || value.targetPort === "" || value.targetPort === 0) {
        if (value.port !== undefined && port(value.port).length === 0) value.targetPort = value.port;
      }
    },
  },
);

const checkSpec = (spec: ServiceSpecJson, report: Report): void => {
  const ports = spec.ports ?? [];
  if (ports.length === 0 && spec.clusterIP !== "None") report(".ports", "Required value");
  const seen = new Set<string>();
  for (const [index, { name, port: number, protocol }] of ports.entries()) {
    if (ports.length > 1 && !name) report(`.ports[${index}].name`, "Required value");
    const key = JSON.stringify({ protocol, port: number });
    if (number !== undefined && seen.has(key)) report(`.ports[${index}]`, `Duplicate value: ${key}`);
    seen.add(key);
  }
};

/** `clusterIPs` repeats `clusterIP` in objects that a newer Kubernetes has written. */
const sameAsClusterIp = (value: unknown, parent: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(value) && value.length === 1 && value[0] === parent.clusterIP;

/** Service. */
export const service = object<ServiceJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(dns1035Label),
  spec: object<ServiceSpecJson>(
    {
      selector: labels(),
      ports: list(servicePort, { uniqueBy: "name" }),
      clusterIP: string({ format: clusterIp }),
      type: string({
        default: "ClusterIP",
        values: ["ClusterIP"],
        later: ["NodePort", "LoadBalancer", "ExternalName"],
      }),
      sessionAffinity: string({ default: "None", values: ["None", "ClientIP"] }),
      publishNotReadyAddresses: boolean(),
      clusterIPs: laterUnless(sameAsClusterIp),
      ipFamilies: later(["IPv4"]),
      ipFamilyPolicy: later("SingleStack"),
      internalTrafficPolicy: later("Cluster"),
      externalTrafficPolicy: later("Cluster"),
      externalIPs: later(),
      externalName: later(),
      loadBalancerIP: later(),
      loadBalancerSourceRanges: later(),
      loadBalancerClass: later(),
      allocateLoadBalancerNodePorts: later(false),
      healthCheckNodePort: later(0),
      sessionAffinityConfig: later({ clientIP: { timeoutSeconds: 10_800 } }),
      trafficDistribution: later(),
      topologyKeys: later(),
    },
    { implied: true, check: checkSpec },
  ),
  status: serverOwned(),
});
