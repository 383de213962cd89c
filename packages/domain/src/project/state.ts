import type { ProjectJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";

export interface ProjectLive extends ObjectLive<ProjectJson> {
  /** When its deletion was asked for. */
  readonly terminating?: { readonly at: string };
}

export type ProjectState = ProjectLive | ObjectAbsent;

export const initial: ProjectState = ABSENT;

export const evolve = (state: ProjectState, event: DomainEvent): ProjectState => {
  switch (event.type) {
    case "ProjectCreated":
      return event.data?.project === undefined ? state : { status: "live", object: event.data.project };
    case "ProjectChanged":
      return event.data?.project === undefined || state.status !== "live"
        ? state
        : { ...state, object: event.data.project };
    case "ProjectTerminating":
      return state.status === "live" ? { ...state, terminating: { at: event.data?.at ?? "" } } : state;
    case "ProjectDeleted":
      return ABSENT;
    default:
      return state;
  }
};
