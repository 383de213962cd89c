import { readdir } from "node:fs/promises";
import type { ContainerEngine } from "@slipway/containers";
import type { Logger } from "@slipway/runtime";
import { podPaths, podsDir } from "./container/plan/host-paths.ts";
import { LABEL } from "./container/plan/labels.ts";
import { edgePaths } from "./edge/edge-paths.ts";
import { haproxyProcess } from "./edge/haproxy-process.ts";
import { removeTree } from "./host/files.ts";
import { deleteNftTable, nftTableName } from "./network/nft.ts";
import { removePodNetworkRules } from "./network/pod-network.ts";
import { unmountVolumes } from "./volume/volumes.ts";

export interface PurgeOptions {
  readonly instance: string;
  readonly node: string;
  readonly stateDir: string;
  readonly engine: ContainerEngine;
  readonly logger: Logger;
}

/**
 * Removes every trace of a node's agent from its host: containers, pod network, service addresses, edge, volumes and
 * records. The agent must have stopped. Safe to repeat; what fails is logged, the rest goes all the same, and then the
 * first failure is thrown.
 */
export const purgeNode = async ({ instance, node, stateDir, engine, logger }: PurgeOptions): Promise<void> => {
  const identity = { instance, node };
  const labels = { [LABEL.instance]: instance, [LABEL.node]: node };
  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["edge", () => haproxyProcess(edgePaths(stateDir)).stop()],
    ["containers", () => removeContainers(engine, labels)],
    ["networks", () => removeNetworks(engine, labels)],
    ["service addresses", () => deleteNftTable(nftTableName(instance))],
    ["firewall rules", () => removePodNetworkRules(identity)],
    ["volumes", () => unmountAll(stateDir)],
    ["files", () => removeTree(stateDir)],
  ];
  let failure: unknown;
  for (const [what, remove] of steps) {
    try {
      await remove();
    } catch (error) {
      logger.warn({ what, error }, "not everything of the node could be removed");
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
};

/** An engine removes some at once as fast as one after another, but not many. */
const AT_ONCE = 8;

const removeContainers = async ({ containers }: ContainerEngine, labels: Record<string, string>): Promise<void> => {
  const found = await containers.list({ labels, all: true });
  // Sandboxes go last: what is joined to them holds them.
  const apps = found.filter((each) => each.labels[LABEL.role] !== "sandbox");
  const sandboxes = found.filter((each) => each.labels[LABEL.role] === "sandbox");
  for (const group of [apps, sandboxes]) {
    for (let at = 0; at < group.length; at += AT_ONCE) {
      await Promise.all(
        group.slice(at, at + AT_ONCE).map(({ id }) => containers.remove(id, { force: true, volumes: true })),
      );
    }
  }
};

const removeNetworks = async ({ networks }: ContainerEngine, labels: Record<string, string>): Promise<void> => {
  for (const { name } of await networks.list({ labels })) await networks.remove(name);
};

const unmountAll = async (stateDir: string): Promise<void> => {
  const uids = await readdir(podsDir(stateDir)).catch(() => []);
  for (const uid of uids) await unmountVolumes(podPaths(stateDir, uid));
};
