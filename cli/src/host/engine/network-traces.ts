import { readFile, writeFile } from "node:fs/promises";
import { runCommand } from "../run-command.ts";
import type { EngineRecord } from "./engine-record.ts";

const IP_FORWARD = "/proc/sys/net/ipv4/ip_forward";

/** Chains that Docker Engine makes for itself. */
const CHAINS =
  /^(?:DOCKER|DOCKER-USER|DOCKER-ISOLATION-STAGE-[12]|DOCKER-FORWARD|DOCKER-BRIDGE|DOCKER-CT|DOCKER-INTERNAL)$/;

/** How the host forwards packets before the engine starts: the engine switches it on and closes the chain. */
export const readNetworkState = async (): Promise<NonNullable<EngineRecord["before"]>> => ({
  ipForward: (await readFile(IP_FORWARD, "utf8").catch(() => "1")).trim(),
  forwardPolicy:
    /^-P FORWARD (\w+)/m.exec(await iptables("filter", ["-S", "FORWARD"]).catch(() => ""))?.[1] ?? "ACCEPT",
});

/** Takes back what a stopped engine leaves in the kernel: its bridge, its rules and chains, and the forwarding. */
export const removeNetworkTraces = async (before: NonNullable<EngineRecord["before"]>): Promise<void> => {
  await runCommand("ip", ["link", "delete", "docker0"]).catch(() => {});
  for (const table of ["nat", "filter"]) {
    for (const command of cleaningCommands(await iptables(table, ["-S"]).catch(() => ""))) {
      await iptables(table, command).catch(() => {});
    }
  }
  await iptables("filter", ["-P", "FORWARD", before.forwardPolicy]).catch(() => {});
  await writeFile(IP_FORWARD, before.ipForward).catch(() => {});
};

/**
 * From what `iptables -S` prints of a table to the commands that take the engine's part out of it: first every rule that
 * leads to its chains or names its bridge, then the chains, emptied before any is deleted.
 */
export const cleaningCommands = (listing: string): string[][] => {
  const lines = listing.split("\n").map((line) => line.trim().split(" "));
  const chains = lines.flatMap(([verb, name = ""]) => (verb === "-N" && CHAINS.test(name) ? [name] : []));
  const rules = lines.filter(
    ([verb, chain = "", ...rest]) =>
      verb === "-A" && !CHAINS.test(chain) && rest.some((word) => word === "docker0" || CHAINS.test(word)),
  );
  return [
    ...rules.map(([, ...rest]) => ["-D", ...rest]),
    ...chains.map((chain) => ["-F", chain]),
    ...chains.map((chain) => ["-X", chain]),
  ];
};

const iptables = (table: string, args: readonly string[]): Promise<string> =>
  runCommand("iptables", ["--wait", "-t", table, ...args]);
