import { readFile, writeFile } from "node:fs/promises";
import type { NetworkInfo, Networks } from "@slipway/containers";
import { SlipwayError } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { type AgentIdentity, ownLabels } from "../container/plan/labels.ts";
import { runCommand } from "../host/run-command.ts";

export interface PodNetworkOptions {
  readonly networks: Networks;
  readonly identity: AgentIdentity;
  readonly podCidr: string;
  readonly bridge: string;
  /** Of service addresses; given, the host itself reaches them too, whatever its routes are. */
  readonly serviceCidr: string;
  readonly logger: Logger;
}

export interface PodNetwork {
  readonly name: string;
  readonly bridge: string;
  /** The node's address on the bridge: where pods find their DNS server. */
  readonly gateway: string;
  /** Whether packets between pods of one bridge pass netfilter. */
  readonly bridgedPacketsFiltered: boolean;
}

/** The engine's network that an agent's pods are on. */
const podNetworkName = ({ instance, node }: AgentIdentity): string => `slipway-${instance}-${node}`;

/** Makes the node's pod network and lets the kernel forward what belongs to it; safe to repeat. */
export const ensurePodNetwork = async (options: PodNetworkOptions): Promise<PodNetwork> => {
  const { networks, identity, podCidr, bridge, logger } = options;
  const network = await networks.ensure({
    name: podNetworkName(identity),
    subnet: podCidr,
    gateway: firstAddress(podCidr),
    bridgeName: bridge,
    labels: ownLabels(identity),
  });
  await writeSetting("/proc/sys/net/ipv4/ip_forward", "1");
  // Only then are answers between two pods of one bridge translated back. Absent: the kernel module is not loaded.
  const bridgedPacketsFiltered = await writeSetting("/proc/sys/net/bridge/bridge-nf-call-iptables", "1").then(
    () => true,
    () => false,
  );
  await letTranslatedIn(network, identity, logger);
  await routeServices(options);
  return { name: network.name, bridge, gateway: network.gateway || firstAddress(podCidr), bridgedPacketsFiltered };
};

/** Takes away what `ensurePodNetwork` made on the host besides the engine's network. */
export const removePodNetworkRules = async (identity: AgentIdentity): Promise<void> => {
  const { output } = await runCommand("iptables", ["-S", "DOCKER-USER"]).catch(() => ({ output: "" }));
  for (const line of output.split("\n")) {
    if (!line.includes(ruleComment(identity))) continue;
    const args = line.replace(/^-A /, "-D ").replaceAll('"', "").split(" ");
    await runCommand("iptables", args);
  }
};

const ruleComment = (identity: AgentIdentity): string => podNetworkName(identity);

/** The engine drops what comes to its bridges from elsewhere; connections to a service address are meant to. */
const letTranslatedIn = async (network: NetworkInfo, identity: AgentIdentity, logger: Logger): Promise<void> => {
  const bridge = network.bridgeName;
  const match = ["-m", "comment", "--comment", ruleComment(identity)];
  const rules = [
    ["DOCKER-USER", "-o", bridge, "-m", "conntrack", "--ctstatus", "DNAT", ...match, "-j", "ACCEPT"],
    ["DOCKER-USER", "-i", bridge, "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", ...match, "-j", "ACCEPT"],
  ];
  try {
    for (const rule of rules) {
      if ((await runCommand("iptables", ["-C", ...rule])).exitCode === 0) continue;
      await runCommand("iptables", ["-I", ...rule]);
    }
  } catch (error) {
    logger.warn(
      { error },
      "the engine's firewall was left as it is: services are reached from pods and this host only",
    );
  }
};

const routeServices = async ({ serviceCidr, bridge, logger }: PodNetworkOptions): Promise<void> => {
  const { exitCode, output } = await runCommand("ip", ["route", "replace", serviceCidr, "dev", bridge]);
  if (exitCode !== 0) logger.warn({ output: output.trim() }, "the host has no route to service addresses");
};

const writeSetting = async (path: string, value: string): Promise<void> => {
  if ((await readFile(path, "utf8")).trim() !== value) await writeFile(path, value);
};

/** `10.88.0.1` of `10.88.0.0/24`. */
const firstAddress = (cidr: string): string => {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/\d+$/.exec(cidr);
  if (match === null) {
    throw new SlipwayError("InvalidConfig", `"${cidr}" is not a range of addresses: write it as 10.88.0.0/24.`);
  }
  return `${match[1]}.${match[2]}.${match[3]}.${Number(match[4]) + 1}`;
};
