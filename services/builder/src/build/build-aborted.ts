/** Why a build that runs is stopped from outside; the reason of its abort signal. */
export type AbortCause =
  /** Somebody asked for it: ends as cancelled. */
  | "cancelled"
  /** Its time limit passed: ends as failed. */
  | "deadline"
  /** The build, or its project, is gone: nobody waits for its end. */
  | "deleted"
  /** This builder stops: the build is taken again after the restart. */
  | "stopping";

/** The reason of an aborted build's signal. */
export class BuildAborted extends Error {
  override readonly name = "BuildAborted";
  readonly why: AbortCause;

  constructor(why: AbortCause) {
    super(`The build was stopped (${why}).`);
    this.why = why;
  }
}
