import type { ContainerJson, PodSpecJson, ServicePortJson } from "@slipway/proto";

const protocolOf = (protocol: string | undefined): "TCP" | "UDP" => (protocol === "UDP" ? "UDP" : "TCP");

/**
 * The port of one pod that a service's port leads to: the number as it is, a name as the pod's containers declare it,
 * the service's own number when nothing is said. Undefined when no container declares the name.
 */
export const targetPortOf = (port: ServicePortJson, spec: PodSpecJson | undefined): number | undefined => {
  const target = port.targetPort;
  if (target === undefined || target === null || target === "" || target === 0) return port.port;
  if (typeof target === "number") return target;
  if (typeof target !== "string") return undefined;
  if (/^[0-9]+$/.test(target)) return Number(target);
  const containers: readonly ContainerJson[] = Array.isArray(spec?.containers) ? spec.containers : [];
  return containers
    .flatMap((container) => (Array.isArray(container.ports) ? container.ports : []))
    .find((own) => own?.name === target && protocolOf(own.protocol) === protocolOf(port.protocol))?.containerPort;
};

/** The key of a service's port in the values of the endpoints feed: its name, or its number where it has none. */
export const portKeyOf = ({ name, port }: ServicePortJson): string => name || String(port ?? 0);
