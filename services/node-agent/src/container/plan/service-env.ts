import type { EndpointsValue } from "@slipway/domain";

/**
 * The variables by which a container finds the services of its project that stood when it was made:
 * `{SVC}_SERVICE_HOST`, `{SVC}_SERVICE_PORT`, `{SVC}_SERVICE_PORT_{NAME}`, and the link variables of Docker. A headless
 * service has none.
 */
export const serviceEnv = (services: readonly EndpointsValue[]): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const service of services) {
    const [first] = service.ports;
    if (service.clusterIP === "" || service.clusterIP === "None" || first === undefined) continue;
    const prefix = variablePart(service.service);
    env[`${prefix}_SERVICE_HOST`] = service.clusterIP;
    env[`${prefix}_SERVICE_PORT`] = String(first.port);
    for (const { name, port } of service.ports) {
      if (name !== "") env[`${prefix}_SERVICE_PORT_${variablePart(name)}`] = String(port);
    }
    env[`${prefix}_PORT`] = linkUrl(service.clusterIP, first);
    for (const servicePort of service.ports) {
      const link = `${prefix}_PORT_${servicePort.port}_${servicePort.protocol}`;
      env[link] = linkUrl(service.clusterIP, servicePort);
      env[`${link}_PROTO`] = servicePort.protocol.toLowerCase();
      env[`${link}_PORT`] = String(servicePort.port);
      env[`${link}_ADDR`] = service.clusterIP;
    }
  }
  return env;
};

const linkUrl = (ip: string, { protocol, port }: EndpointsValue["ports"][number]): string =>
  `${protocol.toLowerCase()}://${ip}:${port}`;

const variablePart = (name: string): string => {
  const upper = name.toUpperCase().replace(/[-.]/g, "_");
  return /^[0-9]/.test(upper) ? `_${upper}` : upper;
};
