import { SlipwayError } from "@slipway/kernel";
import type { ReplicationControllerJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew, refuseMissing } from "../object-rules.ts";
import type { ReplicationControllerEvent } from "./events.ts";
import type { ReplicationControllerState } from "./state.ts";

export type ReplicationControllerCommand =
  | { readonly type: "CreateReplicationController"; readonly object: ReplicationControllerJson }
  | { readonly type: "ApplyReplicationController"; readonly object: ReplicationControllerJson }
  | { readonly type: "DeleteReplicationController"; readonly uid?: string }
  | {
      readonly type: "ScaleReplicationController";
      readonly uid?: string;
      readonly replicas: number;
      /** Refuse unless this is the number now. */
      readonly expected?: number;
    };

export const decide = (
  command: ReplicationControllerCommand,
  state: ReplicationControllerState,
): readonly ReplicationControllerEvent[] => {
  switch (command.type) {
    case "CreateReplicationController":
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyReplicationController": {
      if (state.status !== "live") return create(command.object);
      const replicationController = changedObject(state.object, command.object, keepReplicas);
      return replicationController === undefined
        ? []
        : [{ type: "ReplicationControllerChanged", data: { replicationController } }];
    }
    case "DeleteReplicationController":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return [{ type: "ReplicationControllerDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
    case "ScaleReplicationController":
      return scale(state, command);
    default:
      return command satisfies never;
  }
};

const create = (object: ReplicationControllerJson): ReplicationControllerEvent[] => [
  { type: "ReplicationControllerCreated", data: { replicationController: asCreated(object) } },
];

/** A manifest that says nothing about the number of pods leaves it to whoever scaled last. */
const keepReplicas = (live: ReplicationControllerJson, wished: ReplicationControllerJson): ReplicationControllerJson =>
  wished.spec?.replicas === undefined && live.spec?.replicas !== undefined
    ? { ...wished, spec: { ...wished.spec, replicas: live.spec.replicas } }
    : wished;

const scale = (
  state: ReplicationControllerState,
  { uid, replicas, expected }: Extract<ReplicationControllerCommand, { type: "ScaleReplicationController" }>,
): ReplicationControllerEvent[] => {
  if (state.status !== "live") {
    return refuseMissing("replication controller", "create it before it is scaled");
  }
  checkUid(state.object, uid);
  if (!Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
    throw new SlipwayError("Invalid", `spec.replicas: ${message}`, { problems: [{ path: "spec.replicas", message }] });
  }
  const { metadata, spec } = state.object;
  const current = spec?.replicas ?? 1;
  if (replicas === current) return [];
  if (expected !== undefined && expected !== current) {
    throw new SlipwayError("FailedPrecondition", `Expected ${expected} replicas, found ${current}: read it again.`, {
      fields: { expected, actual: current },
    });
  }
  return [{ type: "ReplicationControllerScaled", data: { uid: metadata?.uid ?? "", replicas } }];
};
