import type { ContainerStats } from "../container.ts";

/** The parts of the engine's sample that we read; all absent for a container that does not run. */
interface RawStats {
  readonly read?: string;
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
  readonly pids_stats?: { readonly current?: number };
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
}

export const toContainerStats = (raw: RawStats): ContainerStats => {
  const memory = raw.memory_stats ?? {};
  // cgroup v1 counts children under total_*, cgroup v2 always does.
  const inactive = memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0;
  const networks = Object.values(raw.networks ?? {});
  return {
    at: raw.read ?? "",
    cpuNanos: raw.cpu_stats?.cpu_usage?.total_usage ?? 0,
    memoryBytes: Math.max(0, (memory.usage ?? 0) - inactive),
    memoryLimitBytes: memory.limit ?? 0,
    pids: raw.pids_stats?.current ?? 0,
    receivedBytes: networks.reduce((sum, each) => sum + each.rx_bytes, 0),
    sentBytes: networks.reduce((sum, each) => sum + each.tx_bytes, 0),
  };
};
