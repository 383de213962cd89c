import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type RouteCommand } from "./decide.ts";
import { evolve, initial, type RouteState } from "./state.ts";

export const routeDecider = { initial, evolve, decide } satisfies Decider<RouteState, RouteCommand, DomainEvent>;
