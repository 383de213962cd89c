import { readFile } from "node:fs/promises";

/** What the whole host uses. */
export interface HostUsage {
  /** Since the sample before, over all cores: 1500 is one and a half cores. 0 at the first sample. */
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** Samples `/proc`; each call measures since the one before. */
export const hostUsage = (cpus: number, read: (path: string) => Promise<string> = (path) => readFile(path, "utf8")) => {
  let before: CpuTimes | undefined;
  return async (): Promise<HostUsage> => {
    const [stat, meminfo] = await Promise.all([read("/proc/stat"), read("/proc/meminfo")]);
    const now = parseCpuTimes(stat);
    const total = before === undefined ? 0 : now.total - before.total;
    const share = before === undefined || total <= 0 ? 0 : (now.busy - before.busy) / total;
    before = now;
    return { cpuMillis: Math.max(0, Math.round(share * cpus * 1_000)), memoryBytes: parseUsedMemory(meminfo) };
  };
};

const parseCpuTimes = (stat: string): CpuTimes => {
  const line = /^cpu +(.+)$/m.exec(stat)?.[1] ?? "";
  // user nice system idle iowait irq softirq steal; guest time is counted in user already.
  const times = line.split(" ").slice(0, 8).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  return { total, busy: total - (times[3] ?? 0) - (times[4] ?? 0) };
};

const parseUsedMemory = (meminfo: string): number => {
  const kib = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(meminfo)?.[1] ?? 0);
  return (kib("MemTotal") - kib("MemAvailable")) * 1_024;
};
