import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type PodStatusCommand } from "./decide.ts";
import { evolve, initial, type PodStatusState } from "./state.ts";

export const podStatusDecider = { initial, evolve, decide } satisfies Decider<
  PodStatusState,
  PodStatusCommand,
  DomainEvent
>;
