import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type ImageStreamCommand } from "./decide.ts";
import { evolve, type ImageStreamState, initial } from "./state.ts";

export const imageStreamDecider = { initial, evolve, decide } satisfies Decider<
  ImageStreamState,
  ImageStreamCommand,
  DomainEvent
>;
