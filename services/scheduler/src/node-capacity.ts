import { parseCpuMillis, parseMemoryBytes } from "@slipway/domain";

/** What a node offers to pods. CPU in millicores, memory in bytes. */
export interface NodeCapacity {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

/** Kubernetes' own limit where a node does not say. */
const DEFAULT_PODS = 110;

/** Reads a node's `status.allocatable`; a quantity that is absent or cannot be read counts as nothing offered. */
export const nodeCapacity = (allocatable: Readonly<Record<string, unknown>> | undefined): NodeCapacity => ({
  cpuMillis: parseCpuMillis(allocatable?.cpu) ?? 0,
  memoryBytes: parseMemoryBytes(allocatable?.memory) ?? 0,
  pods: Number(allocatable?.pods ?? DEFAULT_PODS),
});
