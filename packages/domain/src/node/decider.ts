import type { Decider } from "@slipway/kernel";
import type { DomainEvent } from "../event.ts";
import { decide, type NodeCommand } from "./decide.ts";
import { evolve, initial, type NodeState } from "./state.ts";

export const nodeDecider = { initial, evolve, decide } satisfies Decider<NodeState, NodeCommand, DomainEvent>;
