import { isSlipwayError } from "@slipway/kernel";

/**
 * Why a build failed, as users of OpenShift know the words. Ours: `DeadlineExceeded` (its time limit passed) and
 * `DiskFull` (no space left while it ran), which OpenShift folds into `GenericBuildFailed`.
 */
export type BuildFailureReason =
  | "FetchSourceFailed"
  | "InvalidContextDirectory"
  | "InvalidImageReference"
  | "InvalidOutputReference"
  | "PullBuilderImageFailed"
  | "FetchScriptsFailed"
  | "InstallScriptsFailed"
  | "AssembleFailed"
  | "ContainerCommitFailed"
  | "ManageDockerfileFailed"
  | "DockerBuildFailed"
  | "PushImageToRegistryFailed"
  | "OutOfMemoryKilled"
  | "DeadlineExceeded"
  | "DiskFull"
  | "BuildPodDeleted"
  | "GenericBuildFailed";

/** Ends a build as failed. It never leaves this service: it becomes the event `BuildFailed`. */
export class BuildFailure extends Error {
  override readonly name = "BuildFailure";
  readonly reason: BuildFailureReason;

  /** `message` is one sentence for the build's owner. */
  constructor(reason: BuildFailureReason, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}

const errorCode = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;

/** True for what programs and engines say when no space is left, in any of their words. */
export const saysDiskFull = (text: string): boolean =>
  /no space left on device|out of disk ?space|ENOSPC|disk quota exceeded/i.test(text);

/** True for errors of the file system and of the engine that mean a full disk. */
export const isDiskFull = (error: unknown): boolean =>
  errorCode(error) === "ENOSPC" ||
  errorCode(error) === "EDQUOT" ||
  (isSlipwayError(error) && error.fields.reason === "DiskFull") ||
  (error instanceof Error && saysDiskFull(error.message));

/** The failure that a full disk makes of a build, whichever step met it. */
export const diskFull = (cause?: unknown): BuildFailure =>
  new BuildFailure("DiskFull", "No space is left on the builder's disk: free some, then start the build again.", {
    cause,
  });

/** The one place where anything thrown becomes a reason: failures stay, a full disk is told apart, the rest is `fallback`. */
export const asBuildFailure = (error: unknown, fallback: BuildFailureReason, prefix = ""): BuildFailure => {
  if (error instanceof BuildFailure) return error;
  if (isDiskFull(error)) return diskFull(error);
  return new BuildFailure(fallback, prefix + (error instanceof Error ? error.message : String(error)), {
    cause: error,
  });
};
