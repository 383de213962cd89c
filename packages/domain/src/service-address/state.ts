import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";

export interface ServiceAddressLive {
  readonly status: "live";
  /** The stream of the service that has the address. */
  readonly holder: string;
}

export type ServiceAddressState = ServiceAddressLive | ObjectAbsent;

export const initial: ServiceAddressState = ABSENT;

export const evolve = (state: ServiceAddressState, event: DomainEvent): ServiceAddressState => {
  switch (event.type) {
    case "ServiceAddressClaimed":
      return { status: "live", holder: event.data?.holder ?? "" };
    case "ServiceAddressReleased":
      return ABSENT;
    default:
      return state;
  }
};
