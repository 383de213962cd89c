import type { ServiceJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";

export type ServiceLive = ObjectLive<ServiceJson>;
export type ServiceState = ObjectState<ServiceJson>;

export const initial: ServiceState = ABSENT;

export const evolve = (state: ServiceState, event: DomainEvent): ServiceState => {
  switch (event.type) {
    case "ServiceCreated":
    case "ServiceChanged":
      return event.data?.service === undefined ? state : { status: "live", object: event.data.service };
    case "ServiceDeleted":
      return ABSENT;
    default:
      return state;
  }
};
