import type { EndpointsValue, EndpointValue, ServicePortValue } from "@slipway/domain";

/** One address and port of a service and where its connections go. */
export interface Vip {
  /** `10.96.0.7 . tcp . 80`, as nftables writes it. */
  readonly key: string;
  /** Connections of one client go to one pod for as long as the pods stay the same. */
  readonly sticky: boolean;
  /** `10.88.0.4 . 8080` each, sorted. */
  readonly targets: readonly string[];
}

/** All service addresses; headless services have none. `draining` pods get no new connections. */
export const vipsOf = (services: Iterable<EndpointsValue>, draining: ReadonlySet<string>): ReadonlyMap<string, Vip> => {
  const vips = new Map<string, Vip>();
  for (const service of services) {
    if (!isAddress(service.clusterIP)) continue;
    const ready = service.endpoints.filter(({ ready, uid }) => ready && !draining.has(uid));
    for (const port of service.ports) {
      const key = `${service.clusterIP} . ${port.protocol.toLowerCase()} . ${port.port}`;
      const targets = ready.flatMap((endpoint) => {
        const target = targetPort(endpoint, port);
        return target === undefined || !isAddress(endpoint.ip) ? [] : [`${endpoint.ip} . ${target}`];
      });
      vips.set(key, { key, sticky: service.sessionAffinity === "ClientIP", targets: [...new Set(targets)].sort() });
    }
  }
  return vips;
};

/** The pod's port behind a service port. */
export const targetPort = (endpoint: EndpointValue, port: ServicePortValue): number | undefined =>
  endpoint.ports[port.name] ?? endpoint.ports[String(port.port)];

/** What is no IPv4 address never reaches a rule. */
const isAddress = (text: string): boolean =>
  /^\d{1,3}(\.\d{1,3}){3}$/.test(text) && text.split(".").every((part) => Number(part) <= 255);
