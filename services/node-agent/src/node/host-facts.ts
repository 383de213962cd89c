import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { parseResolvConf } from "../sandbox/plan/resolv-conf.ts";

/** Tells one boot of this host from the next. */
export const readBootId = async (): Promise<string> =>
  (await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "unknown")).trim();

/** RFC 3339. */
export const readBootTime = async (): Promise<string> => {
  const stat = await readFile("/proc/stat", "utf8").catch(() => "");
  return new Date(Number(/^btime (\d+)$/m.exec(stat)?.[1] ?? 0) * 1_000).toISOString();
};

/**
 * The address by which other nodes reach this host: the first IPv4 one that is no loopback and on none of the bridges that
 * container engines make; loopback when there is no other.
 */
export const readHostIP = (ownBridge: string): string => {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (name === ownBridge || /^(lo$|docker|br-|veth|slip)/.test(name)) continue;
    const found = addresses?.find(({ family, internal }) => family === "IPv4" && !internal);
    if (found !== undefined) return found.address;
  }
  return "127.0.0.1";
};

export const hostHasUser = async (name: string): Promise<boolean> =>
  (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n").some((line) => line.startsWith(`${name}:`));

/** The host's DNS servers, read each time since they change with its network; never the node's own. */
export const hostResolvers = (own: string): readonly string[] => {
  try {
    return parseResolvConf(readFileSync("/etc/resolv.conf", "utf8")).nameservers.filter((address) => address !== own);
  } catch {
    return [];
  }
};

const CAP_SYS_RESOURCE = 1n << 24n;

/** How well a process of this host may be protected from the kernel's killer: a confined host only as well as itself. */
export const readMinOomScoreAdj = async (): Promise<number> => {
  const status = await readFile("/proc/self/status", "utf8").catch(() => "");
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  if ((capabilities & CAP_SYS_RESOURCE) !== 0n) return -1_000;
  return Number((await readFile("/proc/self/oom_score_adj", "utf8").catch(() => "0")).trim());
};
