import type { RouteJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";
import { isUidOf, storedChange, storedObject } from "../stored-object.ts";

export type RouteLive = ObjectLive<RouteJson>;
export type RouteState = ObjectState<RouteJson>;

export const initial: RouteState = ABSENT;

export const evolve = (state: RouteState, event: DomainEvent): RouteState => {
  if (event.type === "RouteCreated") {
    const object = storedObject(event.data?.route);
    return object === undefined ? state : { status: "live", object };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "RouteChanged": {
      const object = storedChange(state.object, event.data?.route);
      return object === undefined ? state : { ...state, object };
    }
    case "RouteDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
