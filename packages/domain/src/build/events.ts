import type { EventOf } from "../event.ts";

/** The events of `build/<project>/<config>-<number>`. */
export type BuildEvent = EventOf<
  | "BuildRequested"
  | "BuildStarted"
  | "BuildStageStarted"
  | "BuildSourceFetched"
  | "BuildCancelRequested"
  | "BuildCancelled"
  | "BuildFailed"
  | "BuildSucceeded"
  | "BuildDeleted"
>;

const TYPES: Record<BuildEvent["type"], true> = {
  BuildRequested: true,
  BuildStarted: true,
  BuildStageStarted: true,
  BuildSourceFetched: true,
  BuildCancelRequested: true,
  BuildCancelled: true,
  BuildFailed: true,
  BuildSucceeded: true,
  BuildDeleted: true,
};

/** True for the events of a build. */
export const isBuildEvent = (event: { readonly type: string }): event is BuildEvent => Object.hasOwn(TYPES, event.type);
