import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** The ports of an installation, all on 127.0.0.1 unless said otherwise. */
export interface Ports {
  readonly grpc: number;
  readonly http: number;
  readonly nats: number;
  readonly registry: number;
  readonly scheduler: number;
  readonly replicator: number;
  readonly builder: number;
  readonly agent: number;
  /** Where routes answer. */
  readonly edge: number;
}

/** Everything that tells one installation on this machine from another. Kept in its home, so that `down` knows it. */
export interface Installation {
  readonly home: string;
  /** In the names and labels of all that it makes on the host. */
  readonly instance: string;
  readonly node: string;
  readonly ports: Ports;
  readonly edgeHost: string;
  /** Path of the engine's socket. */
  readonly dockerSocket: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly routeSuffix: string;
}

export interface InstallationOptions {
  readonly home: string;
  readonly instance?: string;
  /** First of a row of ports. Default 7480. */
  readonly portBase?: number;
  readonly edgePort?: number;
  readonly edgeHost?: string;
  readonly dockerSocket?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
}

const DEFAULT_PORT_BASE = 7480;

const nodeNameOfHost = (): string =>
  hostname()
    .toLowerCase()
    .replace(/\..*$/, "")
    .replace(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "") || "node";

const fileOf = (home: string): string => join(home, "installation.json");

/** The installation in this home, if `up` ever ran there. */
export const readInstallation = (home: string): Installation | undefined => {
  try {
    return JSON.parse(readFileSync(fileOf(home), "utf8")) as Installation;
  } catch {
    return undefined;
  }
};

/** What was chosen at the first `up` stays, unless this call chooses otherwise. */
export const chooseInstallation = (options: InstallationOptions): Installation => {
  const before = readInstallation(options.home);
  const base = options.portBase ?? before?.ports.grpc ?? DEFAULT_PORT_BASE;
  return {
    home: options.home,
    instance: options.instance ?? before?.instance ?? "slipway",
    node: before?.node ?? nodeNameOfHost(),
    ports: {
      grpc: base,
      http: base + 1,
      nats: base + 2,
      scheduler: base + 3,
      replicator: base + 4,
      builder: base + 5,
      agent: base + 6,
      registry: base + 7,
      edge: options.edgePort ?? before?.ports.edge ?? 8080,
    },
    edgeHost: options.edgeHost ?? before?.edgeHost ?? "127.0.0.1",
    dockerSocket: options.dockerSocket ?? before?.dockerSocket ?? "/var/run/docker.sock",
    podCidr: options.podCidr ?? before?.podCidr ?? "10.88.0.0/24",
    serviceCidr: options.serviceCidr ?? before?.serviceCidr ?? "10.96.0.0/16",
    routeSuffix: "apps.localhost",
  };
};

export const saveInstallation = (installation: Installation): void => {
  // Postgres runs as another user below this folder; the secrets have a folder of their own.
  mkdirSync(installation.home, { recursive: true, mode: 0o711 });
  writeFileSync(fileOf(installation.home), `${JSON.stringify(installation, undefined, 2)}\n`);
};

/** The folders and files of an installation. */
export const pathsOf = ({ home }: Pick<Installation, "home">) => ({
  logs: join(home, "logs"),
  run: join(home, "run"),
  secrets: join(home, "secrets"),
  cache: join(home, "cache"),
  postgresData: join(home, "postgres", "data"),
  postgresSocket: join(home, "postgres", "socket"),
  natsStore: join(home, "nats"),
  natsConfig: join(home, "secrets", "nats-server.conf"),
  registryData: join(home, "registry"),
  registryConfig: join(home, "secrets", "registry.yml"),
  registryPasswords: join(home, "secrets", "registry.htpasswd"),
  builderState: join(home, "builder"),
  nodeState: join(home, "node"),
  gitRepositories: join(home, "git"),
  /** Where the supervisor listens; short, because Linux allows 107 bytes. */
  control: join(home, "run", "control.sock"),
  /** What the command line connects with. */
  client: join(home, "client.json"),
});
