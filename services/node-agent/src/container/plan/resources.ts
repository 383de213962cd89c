import type { Resources } from "@slipway/containers";
import { parseCpuMillis, parseMemoryBytes, qosClass } from "@slipway/domain";
import type { ContainerJson, PodSpecJson } from "@slipway/proto";

const SHARES_PER_CORE = 1_024;
/** The kernel's smallest weight. */
const MIN_SHARES = 2;

/** Limits become hard limits; the processor request becomes a weight. */
export const containerResources = ({ resources }: ContainerJson): Resources => {
  const { requests, limits } = resources ?? {};
  const cpuLimitMillis = parseCpuMillis(limits?.cpu) ?? 0;
  const memoryLimit = parseMemoryBytes(limits?.memory) ?? 0;
  // A limit alone is a request as well.
  const cpuRequestMillis = parseCpuMillis(requests?.cpu ?? limits?.cpu) ?? 0;
  return {
    cpuShares: Math.max(MIN_SHARES, Math.round((cpuRequestMillis * SHARES_PER_CORE) / 1_000)),
    ...(cpuLimitMillis > 0 && { nanoCpus: cpuLimitMillis * 1_000_000 }),
    ...(memoryLimit > 0 && { memoryBytes: memoryLimit }),
  };
};

/** What a node's kernel does about memory. */
export interface NodeMemory {
  readonly totalBytes: number;
  /** A host that is itself confined may not protect a process more than this: starting one would fail. */
  readonly minOomScoreAdj: number;
}

/** Whom the kernel kills first when the node's memory runs out: best effort before burstable before guaranteed. */
export const oomScoreAdj = (spec: PodSpecJson, container: ContainerJson, memory: NodeMemory): number =>
  Math.max(memory.minOomScoreAdj, wantedScoreAdj(spec, container, memory.totalBytes));

const wantedScoreAdj = (spec: PodSpecJson, { resources }: ContainerJson, nodeMemoryBytes: number): number => {
  switch (qosClass(spec)) {
    case "Guaranteed":
      return -997;
    case "BestEffort":
      return 1_000;
    default: {
      const request = parseMemoryBytes(resources?.requests?.memory ?? resources?.limits?.memory) ?? 0;
      return Math.min(999, Math.max(3, Math.round(1_000 - (1_000 * request) / Math.max(1, nodeMemoryBytes))));
    }
  }
};
