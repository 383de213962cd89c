import type { ServiceJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";
import { isUidOf, storedChange, storedObject } from "../stored-object.ts";

export type ServiceLive = ObjectLive<ServiceJson>;
export type ServiceState = ObjectState<ServiceJson>;

export const initial: ServiceState = ABSENT;

export const evolve = (state: ServiceState, event: DomainEvent): ServiceState => {
  if (event.type === "ServiceCreated") {
    const object = storedObject(event.data?.service);
    return object === undefined ? state : { status: "live", object };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "ServiceChanged": {
      const object = storedChange(state.object, event.data?.service);
      return object === undefined ? state : { ...state, object };
    }
    case "ServiceDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
