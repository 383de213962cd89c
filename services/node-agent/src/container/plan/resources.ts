import type { Resources } from "@slipway/containers";
import type { ContainerJson, PodSpecJson } from "@slipway/proto";
import { quantity } from "./quantity.ts";

const SHARES_PER_CORE = 1_024;
/** The kernel's smallest weight. */
const MIN_SHARES = 2;

/** Limits become hard limits; the processor request becomes a weight. */
export const containerResources = ({ resources }: ContainerJson): Resources => {
  const cpuLimit = quantity(resources?.limits?.cpu);
  const memoryLimit = Math.floor(quantity(resources?.limits?.memory));
  const cpuRequest = request(resources, "cpu");
  return {
    cpuShares: Math.max(MIN_SHARES, Math.round(cpuRequest * SHARES_PER_CORE)),
    ...(cpuLimit > 0 && { nanoCpus: Math.round(cpuLimit * 1e9) }),
    ...(memoryLimit > 0 && { memoryBytes: memoryLimit }),
  };
};

/** A limit alone is a request as well. */
const request = (resources: ContainerJson["resources"], name: string): number =>
  quantity(resources?.requests?.[name] ?? resources?.limits?.[name]);

/** Whom the kernel kills first when the node's memory runs out: best effort before burstable before guaranteed. */
export const oomScoreAdj = (spec: PodSpecJson, container: ContainerJson, nodeMemoryBytes: number): number => {
  const containers = spec.containers ?? [];
  if (containers.every(isGuaranteed)) return -997;
  if (containers.every(isBestEffort)) return 1_000;
  const share = (1_000 * request(container.resources, "memory")) / Math.max(1, nodeMemoryBytes);
  return Math.min(999, Math.max(3, Math.round(1_000 - share)));
};

const isGuaranteed = ({ resources }: ContainerJson): boolean =>
  ["cpu", "memory"].every((name) => {
    const limit = quantity(resources?.limits?.[name]);
    return limit > 0 && limit === request(resources, name);
  });

const isBestEffort = ({ resources }: ContainerJson): boolean =>
  ["cpu", "memory"].every((name) => request(resources, name) === 0);
