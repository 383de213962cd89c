import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { ContainerEngine } from "@slipway/containers";
import type { InstallationFile } from "./platform.ts";

/** What an installation has on this host, each thing as a line for people. */
export const tracesOf = async (installation: InstallationFile, engine: ContainerEngine): Promise<string[]> => {
  const { home, instance, ports } = installation;
  const labels = { "slipway.instance": instance };
  const containers = await engine.containers.list({ labels, all: true });
  const networks = await engine.networks.list({ labels });
  const images = (await engine.images.list()).flatMap(({ tags, repoDigests }) => [...tags, ...repoDigests]);
  const labelled = await engine.images.list({ labels: { "slipway.instance": instance } });
  const table = nftTable(instance);
  return [
    ...containers.map(({ name }) => `container ${name}`),
    ...networks.map(({ name }) => `network ${name}`),
    ...images.filter((name) => name.startsWith(`127.0.0.1:${ports.registry}/`)).map((name) => `image ${name}`),
    ...labelled.map(({ id, tags }) => `image ${tags.join(" ") || id}`),
    ...nftTables().filter((line) => line.split(" ").at(-1) === table),
    ...ruleLines().filter((line) => line.includes(`slipway-${instance}-`)),
    ...routes().filter((line) => line.includes(installation.serviceCidr) || line.includes(installation.podCidr)),
    ...processesOf(home),
    ...mounts().filter((line) => line.includes(home)),
    ...(existsSync(home) ? [`folder ${home}`] : []),
  ];
};

/** The name of an installation's table of service addresses. */
export const nftTable = (instance: string): string => `slipway_${instance.replace(/[^A-Za-z0-9]/g, "_")}`;

/** Everything that stands in the installation's table of service addresses. */
export const nftRules = (instance: string): string => run("nft", ["list", "table", "ip", nftTable(instance)]);

const run = (program: string, args: readonly string[]): string => execFileSync(program, args, { encoding: "utf8" });

const nftTables = (): string[] => run("nft", ["list", "tables"]).trim().split("\n");

const ruleLines = (): string[] => {
  try {
    return run("iptables-save", []).split("\n");
  } catch {
    // A host whose engine needs no iptables has none of our rules in it.
    return [];
  }
};

const routes = (): string[] => run("ip", ["-4", "route"]).split("\n");

const mounts = (): string[] => readFileSync("/proc/self/mounts", "utf8").split("\n");

/** Processes whose command line names the home. This test's own names it nowhere. */
const processesOf = (home: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
        return command.includes(home) || environment.includes(home) ? [`process ${pid}: ${command}`] : [];
      } catch {
        return [];
      }
    });
