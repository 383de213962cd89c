import type { ClusterState } from "@slipway/cluster";
import { SlipwayError } from "@slipway/kernel";

/** The addresses of services: which there are, and which are free. */
export interface ServiceRange {
  contains(address: string): boolean;
  /** A free address, looked for from a place that `random` (0 to 1) chooses; `taken` are those of this call. */
  free(state: ClusterState, taken: ReadonlySet<string>, random: number): string;
}

const toNumber = (address: string): number | undefined => {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

const toText = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** The range `a.b.c.d/n`; its first address, and its last, are nobody's. */
export const serviceRange = (cidr: string): ServiceRange => {
  const [address = "", bits = ""] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor((toNumber(address) ?? 0) / size) * size;
  const usable = Math.max(0, size - 2);
  return {
    contains: (text) => {
      const value = toNumber(text);
      return value !== undefined && value > first && value < first + size - 1;
    },
    free: (state, taken, random) => {
      const start = Math.floor(random * usable);
      for (let i = 0; i < usable; i++) {
        const candidate = toText(first + 1 + ((start + i) % usable));
        if (!taken.has(candidate) && state.serviceAddresses.get("", candidate) === undefined) return candidate;
      }
      throw new SlipwayError(
        "FailedPrecondition",
        `The range ${cidr} has no free service address left: delete services, or give the gateway a larger range.`,
      );
    },
  };
};
