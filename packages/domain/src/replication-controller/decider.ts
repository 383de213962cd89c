import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type ReplicationControllerCommand } from "./decide.ts";
import { evolve, initial, type ReplicationControllerState } from "./state.ts";

export const replicationControllerDecider = { initial, evolve, decide } satisfies Decider<
  ReplicationControllerState,
  ReplicationControllerCommand,
  DomainEvent
>;
