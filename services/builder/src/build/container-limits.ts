import type { Resources } from "@slipway/containers";
import { parseCpuMillis, parseMemoryBytes } from "@slipway/domain";
import type { ResourceRequirementsJson } from "@slipway/proto";

/** A build's limits as its container gets them. Its requests weigh nothing: builds take what is left. */
export const containerLimits = (resources: ResourceRequirementsJson | undefined): Resources => {
  const { cpu, memory } = resources?.limits ?? {};
  const millis = cpu === undefined ? undefined : parseCpuMillis(cpu);
  const bytes = memory === undefined ? undefined : parseMemoryBytes(memory);
  return {
    ...(millis !== undefined && { nanoCpus: millis * 1_000_000 }),
    ...(bytes !== undefined && { memoryBytes: bytes }),
  };
};
