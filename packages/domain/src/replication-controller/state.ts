import type { ReplicationControllerJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";

export type ReplicationControllerLive = ObjectLive<ReplicationControllerJson>;
export type ReplicationControllerState = ObjectState<ReplicationControllerJson>;

export const initial: ReplicationControllerState = ABSENT;

export const evolve = (state: ReplicationControllerState, event: DomainEvent): ReplicationControllerState => {
  switch (event.type) {
    case "ReplicationControllerCreated":
    case "ReplicationControllerChanged":
      return event.data?.replicationController === undefined
        ? state
        : { status: "live", object: event.data.replicationController };
    case "ReplicationControllerScaled":
      if (state.status !== "live") return state;
      return {
        status: "live",
        object: { ...state.object, spec: { ...state.object.spec, replicas: event.data?.replicas ?? 0 } },
      };
    case "ReplicationControllerDeleted":
      return ABSENT;
    default:
      return state;
  }
};
