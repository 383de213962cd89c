import type { RouteJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";

export type RouteLive = ObjectLive<RouteJson>;
export type RouteState = ObjectState<RouteJson>;

export const initial: RouteState = ABSENT;

export const evolve = (state: RouteState, event: DomainEvent): RouteState => {
  switch (event.type) {
    case "RouteCreated":
    case "RouteChanged":
      return event.data?.route === undefined ? state : { status: "live", object: event.data.route };
    case "RouteDeleted":
      return ABSENT;
    default:
      return state;
  }
};
