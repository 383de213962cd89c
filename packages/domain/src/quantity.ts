import type { ContainerJson, PodSpecJson, ResourceRequirementsJson } from "@slipway/proto";

const QUANTITY = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][-+]?[0-9]+)?$/;

/** What a suffix stands for: `value = digits * multiply / divide`, two whole numbers, so that `1100m` is exactly 1.1. */
const SUFFIXES: Readonly<Record<string, { readonly multiply: number; readonly divide: number }>> = {
  n: { multiply: 1, divide: 1e9 },
  u: { multiply: 1, divide: 1e6 },
  m: { multiply: 1, divide: 1e3 },
  k: { multiply: 1e3, divide: 1 },
  M: { multiply: 1e6, divide: 1 },
  G: { multiply: 1e9, divide: 1 },
  T: { multiply: 1e12, divide: 1 },
  P: { multiply: 1e15, divide: 1 },
  E: { multiply: 1e18, divide: 1 },
  Ki: { multiply: 2 ** 10, divide: 1 },
  Mi: { multiply: 2 ** 20, divide: 1 },
  Gi: { multiply: 2 ** 30, divide: 1 },
  Ti: { multiply: 2 ** 40, divide: 1 },
  Pi: { multiply: 2 ** 50, divide: 1 },
  Ei: { multiply: 2 ** 60, divide: 1 },
};

/** `value` in units of 1/`per`; `undefined` when it is no quantity. */
const parseIn = (value: unknown, per: number): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value * per : undefined;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (match === null) return undefined;
  const [, digits = "", suffix = ""] = match;
  const scale = SUFFIXES[suffix];
  const number =
    scale === undefined ? Number(`${digits}${suffix}`) * per : (Number(digits) * scale.multiply * per) / scale.divide;
  return Number.isFinite(number) ? number : undefined;
};

// A smaller fraction is what binary floating point made of decimal digits, not the user's wish: 1.1 * 1000 is above 1100.
const NOISE = 1e-6;

const roundUp = (number: number | undefined): number | undefined =>
  number === undefined ? undefined : Math.ceil(number - NOISE);

/** A Kubernetes quantity (`500m`, `64Mi`, `1e3`, `0.5`, a number) in its base unit: cores, bytes, pieces. */
export const parseQuantity = (value: unknown): number | undefined => parseIn(value, 1);

/** A CPU quantity in millicores, rounded up: `0.5` and `500m` are 500. `undefined` when it cannot be read. */
export const parseCpuMillis = (value: unknown): number | undefined => roundUp(parseIn(value, 1000));

/** A memory quantity in bytes, rounded up: `64Mi` is 67,108,864. `undefined` when it cannot be read. */
export const parseMemoryBytes = (value: unknown): number | undefined => roundUp(parseIn(value, 1));

/** What pods ask of a node, or a node offers. */
export interface ResourceAmounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

type Amounts = ResourceRequirementsJson["requests"];

/** A container without a request asks for its limit, as Kubernetes defaults it. */
const requestOf = (resources: ResourceRequirementsJson | undefined, name: string): unknown =>
  (resources?.requests as Amounts)?.[name] ?? resources?.limits?.[name];

const containersOf = (spec: PodSpecJson | undefined): readonly ContainerJson[] =>
  Array.isArray(spec?.containers) ? spec.containers : [];

/** What the scheduler reserves for a pod: the sum over its containers. What cannot be read asks for nothing. */
export const podRequests = (spec: PodSpecJson | undefined): ResourceAmounts => {
  let cpuMillis = 0;
  let memoryBytes = 0;
  for (const container of containersOf(spec)) {
    cpuMillis += parseCpuMillis(requestOf(container?.resources, "cpu")) ?? 0;
    memoryBytes += parseMemoryBytes(requestOf(container?.resources, "memory")) ?? 0;
  }
  return { cpuMillis, memoryBytes };
};

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

/**
 * Which pods suffer last when a node runs short: Guaranteed when every container has limits for cpu and memory equal to
 * its requests, BestEffort when none states anything, else Burstable.
 */
export const qosClass = (spec: PodSpecJson | undefined): QosClass => {
  let stated = false;
  let guaranteed = true;
  for (const container of containersOf(spec)) {
    for (const name of ["cpu", "memory"]) {
      const limit = parseQuantity(container?.resources?.limits?.[name]) ?? 0;
      const request = parseQuantity(requestOf(container?.resources, name)) ?? 0;
      if (limit > 0 || request > 0) stated = true;
      if (limit <= 0 || limit !== request) guaranteed = false;
    }
  }
  if (!stated) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
};
