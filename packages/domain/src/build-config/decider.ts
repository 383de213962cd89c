import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { type BuildConfigCommand, decide } from "./decide.ts";
import { type BuildConfigState, evolve, initial } from "./state.ts";

export const buildConfigDecider = { initial, evolve, decide } satisfies Decider<
  BuildConfigState,
  BuildConfigCommand,
  DomainEvent
>;
