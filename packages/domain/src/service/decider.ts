import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type ServiceCommand } from "./decide.ts";
import { evolve, initial, type ServiceState } from "./state.ts";

export const serviceDecider = { initial, evolve, decide } satisfies Decider<ServiceState, ServiceCommand, DomainEvent>;
