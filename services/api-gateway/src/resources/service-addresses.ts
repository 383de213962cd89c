import type { ClusterState } from "@slipway/cluster";
import { type ServiceAddressState, serviceAddressDecider } from "@slipway/domain";
import { type Random, SlipwayError } from "@slipway/kernel";
import type { ServiceJson } from "@slipway/proto";
import type { StreamDecision } from "../store-decision.ts";

export const addressStream = (address: string): string => `service-ip/_/${address}`;

const toNumber = (address: string): number | undefined => {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

const toText = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");

/** The addresses that services of one call take. The range is `a.b.c.d/n`; its first and its last are nobody's. */
export class ServiceAddresses {
  readonly #state: ClusterState;
  readonly #random: Random;
  readonly #cidr: string;
  readonly #first: number;
  readonly #usable: number;
  /** Addresses that services of this call name; none of them is chosen for another one. */
  readonly #asked: ReadonlySet<string>;
  readonly #taken = new Set<string>();

  constructor(state: ClusterState, random: Random, cidr: string, asked: readonly string[]) {
    const [address = "", bits = ""] = cidr.split("/");
    const size = 2 ** (32 - Number(bits));
    this.#state = state;
    this.#random = random;
    this.#cidr = cidr;
    this.#first = Math.floor((toNumber(address) ?? 0) / size) * size;
    this.#usable = Math.max(0, size - 2);
    this.#asked = new Set(asked);
  }

  /** A free address, looked for from a place that chance chooses, so that two gateways seldom choose the same. */
  choose(): string {
    const start = Math.floor(this.#random() * this.#usable);
    for (let i = 0; i < this.#usable; i++) {
      const candidate = toText(this.#first + 1 + ((start + i) % this.#usable));
      const taken = this.#asked.has(candidate) || this.#taken.has(candidate);
      if (!taken && this.#state.serviceAddresses.get("", candidate) === undefined) return candidate;
    }
    throw new SlipwayError(
      "FailedPrecondition",
      `The range ${this.#cidr} has no free service address left: delete services, or give the gateway a larger range.`,
    );
  }

  /** Gives the address to a service's stream. Refuses one that lies outside the range or that another service has. */
  claim(address: string, holder: string): StreamDecision {
    this.#checkInRange(address);
    if (this.#taken.has(address)) throw refused(address, "is taken by another service of the call");
    this.#taken.add(address);
    const stream = addressStream(address);
    const current = this.#state.streamState(stream) as ServiceAddressState;
    return { stream, events: serviceAddressDecider.decide({ type: "ClaimServiceAddress", holder }, current) };
  }

  #checkInRange(address: string): void {
    const value = toNumber(address);
    const inside = value !== undefined && value > this.#first && value <= this.#first + this.#usable;
    if (!inside) throw refused(address, `provided IP is not in the valid range ${this.#cidr}`);
  }
}

const refused = (address: string, why: string): SlipwayError => {
  const message = `Invalid value: "${address}": ${why}`;
  return new SlipwayError("Invalid", `spec.clusterIP: ${message}: leave it out to have one chosen.`, {
    problems: [{ path: "spec.clusterIP", message }],
  });
};

/** Whether a service has an address of its own. */
export const hasAddress = (address: string | undefined): address is string => !!address && address !== "None";

/** Gives back what a service that goes had. */
export const releaseAddress = (
  state: ClusterState,
  holder: string,
  service: ServiceJson,
): readonly StreamDecision[] => {
  const address = service.spec?.clusterIP;
  if (!hasAddress(address)) return [];
  const stream = addressStream(address);
  const current = state.streamState(stream) as ServiceAddressState;
  return [{ stream, events: serviceAddressDecider.decide({ type: "ReleaseServiceAddress", holder }, current) }];
};
