import type { NodeView } from "./node-view.ts";
import type { PodRequest } from "./pod-request.ts";

/** One wish about a node, from 0 (no) to 100 (best). */
export interface Score {
  readonly name: string;
  readonly weight: number;
  readonly rate: (pod: PodRequest, node: NodeView) => number;
}

const share = (used: number, all: number): number => (all <= 0 ? 1 : Math.min(1, used / all));

/** The emptier, the better: the mean of the free shares of CPU and memory. */
const leastAllocated: Score = {
  name: "LeastAllocated",
  weight: 1,
  rate: (pod, node) => {
    const cpu = 1 - share(node.usedCpuMillis + pod.cpuMillis, node.allocatableCpuMillis);
    const memory = 1 - share(node.usedMemoryBytes + pod.memoryBytes, node.allocatableMemoryBytes);
    return (cpu + memory) * 50;
  },
};

/** Pods without requests look free to LeastAllocated, so their number counts too. */
const fewestPods: Score = {
  name: "FewestPods",
  weight: 1,
  rate: (_pod, node) => 100 * (1 - share(node.usedPods + 1, node.allocatablePods)),
};

/**
 * The fewer pods of the same controller, the better. Its weight lets one pod fewer outweigh what the others can give,
 * so that three replicas on three nodes stand on three nodes.
 */
const spread: Score = {
  name: "Spread",
  weight: 5,
  rate: (pod, node) => (pod.owner === undefined ? 100 : 100 / (1 + node.podsOfOwner(pod.owner))),
};

export const SCORES: readonly Score[] = [leastAllocated, fewestPods, spread];
