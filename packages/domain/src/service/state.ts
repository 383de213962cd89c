import type { ServiceJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";
import { isObjectList, isTextMap, isUidOf, storedChange, storedObject } from "../stored-object.ts";

export type ServiceLive = ObjectLive<ServiceJson>;
export type ServiceState = ObjectState<ServiceJson>;

export const initial: ServiceState = ABSENT;

/** What folds and views lean on: the selector is text, ports are a list of objects. */
const isSound = ({ selector, ports }: Record<string, unknown>): boolean => isTextMap(selector) && isObjectList(ports);

export const evolve = (state: ServiceState, event: DomainEvent): ServiceState => {
  if (event.type === "ServiceCreated") {
    const object = storedObject(event.data?.service, isSound);
    return object === undefined ? state : { status: "live", object };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "ServiceChanged": {
      const object = storedChange(state.object, event.data?.service, isSound);
      return object === undefined ? state : { ...state, object };
    }
    case "ServiceDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
