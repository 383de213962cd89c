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
