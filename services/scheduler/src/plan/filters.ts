import type { NodeView } from "./node-view.ts";
import type { PodRequest } from "./pod-request.ts";
import { formatBytes, formatCpu } from "./quantity-text.ts";

/** Why a node will not do. */
export interface Rejection {
  /** With this node's numbers, for one reader of one verdict. */
  readonly reason: string;
  /** Without numbers, so that many nodes count as one: "Insufficient cpu". */
  readonly summary: string;
}

/** One rule that a node must pass. The object that rejects a node is the one that explains it. */
export interface Filter {
  readonly name: string;
  readonly check: (pod: PodRequest, node: NodeView) => Rejection | undefined;
}

const nodeName: Filter = {
  name: "NodeName",
  check: (pod, node) =>
    pod.nodeName === "" || pod.nodeName === node.name
      ? undefined
      : {
          reason: `the pod asks for the node "${pod.nodeName}" by name`,
          summary: "node(s) didn't match the requested node name",
        },
};

const nodeReady: Filter = {
  name: "NodeReady",
  check: (_pod, node) =>
    node.ready ? undefined : { reason: "the node is not ready", summary: "node(s) were not ready" },
};

const nodeUnschedulable: Filter = {
  name: "NodeUnschedulable",
  check: (_pod, node) =>
    node.unschedulable
      ? { reason: "the node is cordoned: it takes no new pods", summary: "node(s) were unschedulable" }
      : undefined,
};

const nodeSelector: Filter = {
  name: "NodeSelector",
  check: (pod, node) => {
    for (const key in pod.nodeSelector) {
      const wanted = pod.nodeSelector[key];
      const found = node.labels[key];
      if (found !== wanted) {
        return {
          reason: `the pod wants the label ${key}=${wanted}, the node has ${found === undefined ? "none" : `${key}=${found}`}`,
          summary: "node(s) didn't match Pod's node affinity/selector",
        };
      }
    }
    return undefined;
  },
};

const resources: Filter = {
  name: "Resources",
  check: (pod, node) => {
    if (node.usedPods + 1 > node.allocatablePods) {
      return { reason: `Too many pods: ${node.usedPods} of ${node.allocatablePods}`, summary: "Too many pods" };
    }
    const freeCpu = node.allocatableCpuMillis - node.usedCpuMillis;
    if (pod.cpuMillis > 0 && pod.cpuMillis > freeCpu) {
      return {
        reason: `Insufficient cpu: needs ${formatCpu(pod.cpuMillis)}, free ${formatCpu(freeCpu)} of ${formatCpu(node.allocatableCpuMillis)}`,
        summary: "Insufficient cpu",
      };
    }
    const freeMemory = node.allocatableMemoryBytes - node.usedMemoryBytes;
    if (pod.memoryBytes > 0 && pod.memoryBytes > freeMemory) {
      return {
        reason: `Insufficient memory: needs ${formatBytes(pod.memoryBytes)}, free ${formatBytes(freeMemory)} of ${formatBytes(node.allocatableMemoryBytes)}`,
        summary: "Insufficient memory",
      };
    }
    return undefined;
  },
};

/** In the order in which they are asked; the first that says no is the one that is told. */
export const FILTERS: readonly Filter[] = [nodeName, nodeReady, nodeUnschedulable, nodeSelector, resources];
