import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type ServiceAddressCommand } from "./decide.ts";
import { evolve, initial, type ServiceAddressState } from "./state.ts";

export const serviceAddressDecider = { initial, evolve, decide } satisfies Decider<
  ServiceAddressState,
  ServiceAddressCommand,
  DomainEvent
>;
