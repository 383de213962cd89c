import { SlipwayError } from "@slipway/kernel";
import type { ProjectJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew } from "../object-rules.ts";
import type { ProjectEvent } from "./events.ts";
import type { ProjectState } from "./state.ts";

export type ProjectCommand =
  | { readonly type: "CreateProject"; readonly object: ProjectJson }
  | { readonly type: "ApplyProject"; readonly object: ProjectJson }
  /** Nothing new is let in from now on; what is there is removed. `at` is RFC 3339. */
  | { readonly type: "RequestProjectDeletion"; readonly uid?: string; readonly at: string }
  /** The project is empty. */
  | { readonly type: "FinishProjectDeletion" };

export const decide = (command: ProjectCommand, state: ProjectState): readonly ProjectEvent[] => {
  switch (command.type) {
    case "CreateProject":
      refuseTerminating(state);
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyProject": {
      refuseTerminating(state);
      if (state.status !== "live") return create(command.object);
      const project = changedObject(state.object, command.object, (_live, wished) => wished);
      return project === undefined ? [] : [{ type: "ProjectChanged", data: { project } }];
    }
    case "RequestProjectDeletion":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return state.terminating === undefined ? [{ type: "ProjectTerminating", data: { at: command.at } }] : [];
    case "FinishProjectDeletion":
      if (state.status !== "live") return [];
      if (state.terminating === undefined) {
        throw new SlipwayError("FailedPrecondition", "The project is not being deleted: ask for its deletion first.");
      }
      return [{ type: "ProjectDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
    default:
      return command satisfies never;
  }
};

const create = (object: ProjectJson): ProjectEvent[] => [
  { type: "ProjectCreated", data: { project: asCreated(object) } },
];

const refuseTerminating = (state: ProjectState): void => {
  if (state.status !== "live" || state.terminating === undefined) return;
  const name = state.object.metadata?.name ?? "";
  throw new SlipwayError(
    "ProjectTerminating",
    `Project "${name}" is being deleted: wait until it is gone, or choose another name.`,
  );
};
