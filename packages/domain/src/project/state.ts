import type { ProjectJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";
import { isUidOf, storedChange, storedObject, storedText } from "../stored-object.ts";

export interface ProjectLive extends ObjectLive<ProjectJson> {
  /** When its deletion was asked for. */
  readonly terminating?: { readonly at: string };
}

export type ProjectState = ProjectLive | ObjectAbsent;

export const initial: ProjectState = ABSENT;

export const evolve = (state: ProjectState, event: DomainEvent): ProjectState => {
  if (event.type === "ProjectCreated") {
    const object = storedObject(event.data?.project);
    return object === undefined ? state : { status: "live", object };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "ProjectChanged": {
      const object = storedChange(state.object, event.data?.project);
      return object === undefined ? state : { ...state, object };
    }
    case "ProjectTerminating":
      return state.terminating === undefined ? { ...state, terminating: { at: storedText(event.data?.at) } } : state;
    case "ProjectDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
