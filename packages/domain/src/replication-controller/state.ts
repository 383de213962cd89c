import type { ReplicationControllerJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectLive, type ObjectState } from "../object-state.ts";
import { isPlain, isTextMap, isUidOf, storedChange, storedNumber, storedObject } from "../stored-object.ts";

export type ReplicationControllerLive = ObjectLive<ReplicationControllerJson>;
export type ReplicationControllerState = ObjectState<ReplicationControllerJson>;

export const initial: ReplicationControllerState = ABSENT;

/** What folds and views lean on: selector and labels of the template are text. */
const isSound = ({ selector, template }: Record<string, unknown>): boolean => {
  if (!isTextMap(selector)) return false;
  const metadata = isPlain(template) ? template.metadata : undefined;
  return !isPlain(metadata) || isTextMap(metadata.labels);
};

export const evolve = (state: ReplicationControllerState, event: DomainEvent): ReplicationControllerState => {
  if (event.type === "ReplicationControllerCreated") {
    const object = storedObject(event.data?.replicationController, isSound);
    return object === undefined ? state : { status: "live", object };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "ReplicationControllerChanged": {
      const object = storedChange(state.object, event.data?.replicationController, isSound);
      return object === undefined ? state : { ...state, object };
    }
    case "ReplicationControllerScaled": {
      if (!isUidOf(state.object, event.data?.uid)) return state;
      const { metadata, spec } = state.object;
      return {
        status: "live",
        object: {
          ...state.object,
          metadata: { ...metadata, generation: (metadata?.generation ?? 1) + 1 },
          spec: { ...spec, replicas: storedNumber(event.data?.replicas) },
        },
      };
    }
    case "ReplicationControllerDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
