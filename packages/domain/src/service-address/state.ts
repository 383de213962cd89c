import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";
import { storedText } from "../stored-object.ts";

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
      return { status: "live", holder: storedText(event.data?.holder) };
    case "ServiceAddressReleased":
      return state.status === "live" && state.holder === storedText(event.data?.holder) ? ABSENT : state;
    default:
      return state;
  }
};
