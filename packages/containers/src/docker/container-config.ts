import type Docker from "dockerode";
import type { ContainerSpec, NetworkMode } from "../container.ts";

/** Our spec in the engine's words. Absent fields stay absent, so that the image's and the engine's own values hold. */
export const toContainerConfig = (spec: ContainerSpec): Docker.ContainerCreateOptions =>
  withoutUndefined({
    name: spec.name,
    Image: spec.image,
    Entrypoint: spec.command === undefined ? undefined : [...spec.command],
    Cmd: spec.args === undefined ? undefined : [...spec.args],
    Env: spec.env === undefined ? undefined : toEnvList(spec.env),
    Labels: spec.labels === undefined ? undefined : { ...spec.labels },
    WorkingDir: spec.workingDir,
    User: spec.user,
    // The engine refuses a hostname for a container in another one's namespace.
    Hostname: spec.network?.type === "container" ? undefined : spec.hostname,
    StopSignal: spec.stopSignal,
    Tty: spec.tty,
    OpenStdin: spec.stdin,
    StdinOnce: spec.stdin,
    ExposedPorts: spec.ports && Object.fromEntries(spec.ports.map((port) => [portKey(port), {}])),
    HostConfig: toHostConfig(spec),
    NetworkingConfig: toNetworkingConfig(spec.network),
  });

/** `KEY=value` each. */
export const toEnvList = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env).map(([name, value]) => `${name}=${value}`);

/** The other way round; a name without a value has the empty one. */
export const fromEnvList = (list: readonly string[] | null | undefined): Record<string, string> =>
  Object.fromEntries(
    (list ?? []).map((entry) => {
      const end = entry.indexOf("=");
      return end < 0 ? [entry, ""] : [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );

const toHostConfig = (spec: ContainerSpec): Docker.HostConfig =>
  withoutUndefined({
    NetworkMode: spec.network && networkModeText(spec.network),
    PidMode: spec.pidMode,
    IpcMode: spec.ipcMode,
    Dns: spec.dns && [...spec.dns],
    DnsSearch: spec.dnsSearch && [...spec.dnsSearch],
    DnsOptions: spec.dnsOptions && [...spec.dnsOptions],
    ExtraHosts: spec.extraHosts && [...spec.extraHosts],
    GroupAdd: spec.groupAdd && [...spec.groupAdd],
    Binds: spec.binds?.map(bindText),
    Tmpfs: spec.tmpfs && { ...spec.tmpfs },
    ...toCpuLimit(spec.resources?.nanoCpus),
    CpuShares: spec.resources?.cpuShares,
    ...toMemoryLimit(spec.resources?.memoryBytes),
    PidsLimit: spec.resources?.pidsLimit,
    OomScoreAdj: spec.oomScoreAdj,
    CapAdd: spec.capAdd && [...spec.capAdd],
    CapDrop: spec.capDrop && [...spec.capDrop],
    SecurityOpt: spec.securityOptions && [...spec.securityOptions],
    Privileged: spec.privileged,
    ReadonlyRootfs: spec.readOnlyRootfs,
    Init: spec.init,
    LogConfig: spec.log && { Type: spec.log.driver, Config: { ...spec.log.options } },
    Ulimits: spec.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    Sysctls: spec.sysctls && { ...spec.sysctls },
    PortBindings: toPortBindings(spec.ports),
    // Restarts are decisions; the engine makes none.
    RestartPolicy: { Name: "no" },
  });

const CPU_PERIOD_MICROS = 100_000;
/** The kernel's smallest quota. */
const MIN_CPU_QUOTA_MICROS = 1_000;

/** As a quota of a period: the engine refuses `NanoCpus` beyond what the host has, where a limit is only an upper bound. */
const toCpuLimit = (nanoCpus: number | undefined): Pick<Docker.HostConfig, "CpuPeriod" | "CpuQuota"> => {
  if (nanoCpus === undefined) return {};
  const quota = Math.round((nanoCpus * CPU_PERIOD_MICROS) / 1_000_000_000);
  return { CpuPeriod: CPU_PERIOD_MICROS, CpuQuota: Math.max(MIN_CPU_QUOTA_MICROS, quota) };
};

/** The engine refuses a smaller limit. */
const MIN_MEMORY_BYTES = 6 * 1024 ** 2;

const toMemoryLimit = (bytes: number | undefined): Pick<Docker.HostConfig, "Memory" | "MemorySwap"> => {
  if (bytes === undefined) return {};
  const limit = Math.max(MIN_MEMORY_BYTES, bytes);
  // Without `MemorySwap` the engine allows as much swap again.
  return { Memory: limit, MemorySwap: limit };
};

const networkModeText = (mode: NetworkMode): string => {
  switch (mode.type) {
    case "network":
      return mode.name;
    case "container":
      return `container:${mode.id}`;
    case "host":
    case "none":
      return mode.type;
  }
};

const bindText = (bind: NonNullable<ContainerSpec["binds"]>[number]): string => {
  const flags = [bind.readOnly ? "ro" : "rw", ...(bind.propagation === undefined ? [] : [bind.propagation])];
  return `${bind.source}:${bind.target}:${flags.join(",")}`;
};

const toNetworkingConfig = (mode: NetworkMode | undefined): Docker.ContainerCreateOptions["NetworkingConfig"] => {
  if (mode?.type !== "network" || (mode.ip === undefined && mode.aliases === undefined)) return undefined;
  const endpoint = withoutUndefined({
    IPAMConfig: mode.ip === undefined ? undefined : { IPv4Address: mode.ip },
    Aliases: mode.aliases && [...mode.aliases],
  });
  return { EndpointsConfig: { [mode.name]: endpoint as Docker.EndpointSettings } };
};

const toPortBindings = (ports: ContainerSpec["ports"]): Docker.PortMap | undefined => {
  if (ports === undefined) return undefined;
  const map: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const bindings = map[portKey(port)] ?? [];
    map[portKey(port)] = bindings;
    bindings.push({ HostIp: port.hostIp ?? "", HostPort: port.hostPort ? String(port.hostPort) : "" });
  }
  return map;
};

const portKey = (port: { containerPort: number; protocol?: "tcp" | "udp" }): string =>
  `${port.containerPort}/${port.protocol ?? "tcp"}`;

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

const withoutUndefined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
