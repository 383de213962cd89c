import { dirname, join } from "node:path";
import { type BuildEnvironment, CONTAINER_CA_BUNDLE } from "../host/build-environment.ts";
import { findProgram, programFolders } from "../host/check-host.ts";
import { type Credentials, NATS_SERVICES_USER, REGISTRY_USER } from "./credentials.ts";
import { type Installation, pathsOf } from "./installation.ts";

/** One process of the platform. */
export interface Part {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Answers 200 once the part does its work. */
  readonly readyUrl: string;
  /**
   * A folder that the part makes at its start, and cannot do without though it does not notice: when it is gone, the part
   * is started again, and what it held is made anew by those who know it.
   */
  readonly stateFolder?: string;
  /** From the signal to stop until it is ended the hard way. */
  readonly stopMs: number;
}

const SERVICES = join(import.meta.dirname, "..", "..", "..", "services");

/** A registry or NATS drops its clients at once; services finish what they have begun. */
const SERVER_STOP_MS = 5_000;
const SERVICE_STOP_MS = 12_000;

const program = (name: string): string => findProgram(name, programFolders(process.env)) ?? name;

/** A clean environment for our services: only what they are told, and what they need to find programs. */
const baseEnv = (): Record<string, string> => ({
  PATH: `${dirname(process.execPath)}:${programFolders(process.env).join(":")}`,
  HOME: process.env.HOME ?? "/root",
  ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
});

/** The programs that other people wrote. Postgres is started by the supervisor itself. */
export const serverParts = (installation: Installation): readonly Part[] => {
  const paths = pathsOf(installation);
  const { ports } = installation;
  return [
    {
      name: "nats",
      command: program("nats-server"),
      args: ["--config", paths.natsConfig],
      env: baseEnv(),
      readyUrl: `tcp://127.0.0.1:${ports.nats}`,
      stateFolder: join(paths.natsStore, "jetstream"),
      stopMs: SERVER_STOP_MS,
    },
    {
      name: "registry",
      command: program("docker-registry"),
      args: ["serve", paths.registryConfig],
      env: { ...baseEnv(), OTEL_TRACES_EXPORTER: "none" },
      readyUrl: `tcp://127.0.0.1:${ports.registry}`,
      stopMs: SERVER_STOP_MS,
    },
  ];
};

/** The five services, in the order in which they are started. `databaseUrl` is that of the role `slipway_service`. */
export const serviceParts = (
  installation: Installation,
  credentials: Credentials,
  databaseUrl: string,
  build: BuildEnvironment,
): readonly Part[] => {
  const { ports, instance } = installation;
  const paths = pathsOf(installation);
  const nats = {
    SLIPWAY_NATS_URL: `nats://127.0.0.1:${ports.nats}`,
    SLIPWAY_NATS_USER: NATS_SERVICES_USER,
    SLIPWAY_NATS_PASSWORD: credentials.natsServices,
  };
  const log = { SLIPWAY_DATABASE_URL: databaseUrl };
  const registry = {
    SLIPWAY_REGISTRY_HOST: `127.0.0.1:${ports.registry}`,
    SLIPWAY_REGISTRY_USER: REGISTRY_USER,
    SLIPWAY_REGISTRY_PASSWORD: credentials.registry,
  };
  const service = (name: string, port: number, env: Record<string, string>): Part => ({
    name,
    command: process.execPath,
    args: [join(SERVICES, name, "src", "main.ts")],
    env: { ...baseEnv(), ...env },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    stopMs: SERVICE_STOP_MS,
  });
  const health = (port: number) => ({ SLIPWAY_HEALTH_PORT: String(port) });
  return [
    service("api-gateway", ports.http, {
      ...log,
      ...nats,
      SLIPWAY_GRPC_PORT: String(ports.grpc),
      SLIPWAY_HTTP_PORT: String(ports.http),
      SLIPWAY_OWNER_TOKEN: credentials.ownerToken,
      SLIPWAY_SERVICE_CIDR: installation.serviceCidr,
      SLIPWAY_ROUTE_SUFFIX: installation.routeSuffix,
      SLIPWAY_REGISTRY_HOST: registry.SLIPWAY_REGISTRY_HOST,
    }),
    service("scheduler", ports.scheduler, { ...log, ...nats, ...health(ports.scheduler) }),
    service("replicator", ports.replicator, { ...log, ...nats, ...health(ports.replicator) }),
    service("builder", ports.builder, {
      ...log,
      ...nats,
      ...registry,
      ...health(ports.builder),
      SLIPWAY_INSTANCE: instance,
      SLIPWAY_STATE_DIR: paths.builderState,
      SLIPWAY_DOCKER_SOCKET: installation.dockerSocket,
      SLIPWAY_BUILD_ENV: JSON.stringify(withoutCa(build.env)),
      ...(build.caBundle ? { SLIPWAY_BUILD_CA_BUNDLE: build.caBundle } : {}),
    }),
    service("node-agent", ports.agent, {
      SLIPWAY_NATS_URL: nats.SLIPWAY_NATS_URL,
      SLIPWAY_NATS_USER: installation.node,
      SLIPWAY_NATS_PASSWORD: credentials.natsNode,
      ...registry,
      ...health(ports.agent),
      SLIPWAY_INSTANCE: instance,
      SLIPWAY_NODE_NAME: installation.node,
      SLIPWAY_STATE_DIR: paths.nodeState,
      SLIPWAY_DOCKER_SOCKET: installation.dockerSocket,
      SLIPWAY_POD_CIDR: installation.podCidr,
      SLIPWAY_SERVICE_CIDR: installation.serviceCidr,
      SLIPWAY_EDGE_HOST: installation.edgeHost,
      SLIPWAY_EDGE_PORT: String(ports.edge),
    }),
  ];
};

/** The builder points programs at the bundle itself, where it has mounted it. */
const withoutCa = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== CONTAINER_CA_BUNDLE));
