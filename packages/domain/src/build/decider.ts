import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { type BuildCommand, decide } from "./decide.ts";
import { type BuildState, evolve, initial } from "./state.ts";

export const buildDecider = { initial, evolve, decide } satisfies Decider<BuildState, BuildCommand, DomainEvent>;
