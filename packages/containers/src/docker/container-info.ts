import type Docker from "dockerode";
import type { ContainerInfo, ContainerStatus, ContainerSummary, PortBinding } from "../container.ts";

/** The engine's inspection in our words. */
export const toContainerInfo = (raw: Docker.ContainerInspectInfo): ContainerInfo => {
  const ips = addresses(raw.NetworkSettings.Networks);
  const startedAt = realTime(raw.State.StartedAt);
  const finishedAt = realTime(raw.State.FinishedAt);
  return {
    id: raw.Id,
    name: raw.Name.replace(/^\//, ""),
    labels: raw.Config.Labels ?? {},
    image: raw.Config.Image,
    imageId: raw.Image,
    createdAt: raw.Created,
    state: {
      status: raw.State.Status as ContainerStatus,
      pid: raw.State.Pid,
      exitCode: raw.State.ExitCode,
      oomKilled: raw.State.OOMKilled,
      error: raw.State.Error ?? "",
      ...(startedAt === undefined ? {} : { startedAt }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    },
    ip: Object.values(ips).find((ip) => ip !== "") ?? "",
    ips,
    networkMode: raw.HostConfig.NetworkMode ?? "default",
    mounts: (raw.Mounts ?? []).map((mount) => ({
      source: mount.Source ?? "",
      target: mount.Destination,
      readOnly: !mount.RW,
    })),
    ports: portBindings(raw.NetworkSettings.Ports),
    restartCount: raw.RestartCount,
    tty: raw.Config.Tty ?? false,
  };
};

export const toContainerSummary = (raw: Docker.ContainerInfo): ContainerSummary => ({
  id: raw.Id,
  name: (raw.Names?.[0] ?? "").replace(/^\//, ""),
  labels: raw.Labels ?? {},
  image: raw.Image,
  imageId: raw.ImageID,
  createdAt: new Date(raw.Created * 1_000).toISOString(),
  status: raw.State as ContainerStatus,
  ip: Object.values(addresses(raw.NetworkSettings?.Networks)).find((ip) => ip !== "") ?? "",
});

/** The engine's "never" is the year 1. */
const realTime = (text: string | undefined): string | undefined =>
  text === undefined || text === "" || text.startsWith("0001-") ? undefined : text;

const addresses = (networks: Record<string, { IPAddress?: string }> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(networks ?? {}).map(([name, endpoint]) => [name, endpoint.IPAddress ?? ""]));

const portBindings = (ports: Docker.PortMap | undefined): Required<PortBinding>[] =>
  Object.entries((ports ?? {}) as Record<string, { HostIp?: string; HostPort?: string }[] | null>).flatMap(
    ([key, bindings]) =>
      (bindings ?? []).map((binding) => {
        const [port, protocol] = key.split("/");
        return {
          containerPort: Number(port),
          protocol: protocol === "udp" ? ("udp" as const) : ("tcp" as const),
          hostIp: binding.HostIp ?? "",
          hostPort: Number(binding.HostPort ?? 0),
        };
      }),
  );
