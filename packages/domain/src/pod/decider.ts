import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type PodCommand } from "./decide.ts";
import { evolve, initial, type PodState } from "./state.ts";

export const podDecider = { initial, evolve, decide } satisfies Decider<PodState, PodCommand, DomainEvent>;
