import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type ProjectCommand } from "./decide.ts";
import { evolve, initial, type ProjectState } from "./state.ts";

export const projectDecider = { initial, evolve, decide } satisfies Decider<ProjectState, ProjectCommand, DomainEvent>;
