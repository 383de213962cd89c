import type { BuildJson, BuildStageJson, BuildStatusJson } from "@slipway/proto";
import { millisBetween } from "../rfc3339.ts";
import { type BuildLive, isFinished } from "./state.ts";

/** Failures of the platform, not of what was built: users know them as phase Error. */
const ERRORS: ReadonlySet<string> = new Set(["BuildPodDeleted", "BuildPodEvicted", "CancelBuildFailed"]);

const phaseOf = ({ phase, failure }: BuildLive): string => {
  switch (phase) {
    case "new":
      return "New";
    case "running":
      return "Running";
    case "complete":
      return "Complete";
    case "failed":
      return failure !== undefined && ERRORS.has(failure.reason) ? "Error" : "Failed";
    case "cancelled":
      return "Cancelled";
    default:
      return phase satisfies never;
  }
};

export interface BuildViewOptions {
  /** RFC 3339: how long what still runs has run so far. Without it, such a duration is 0. */
  readonly now?: string;
}

/** The build as its users know it, with its stages and how long each took. */
export const buildView = (state: BuildLive, { now }: BuildViewOptions = {}): BuildJson => ({
  ...state.object,
  spec: { ...state.object.spec, ...(state.revision === undefined ? {} : { revision: state.revision }) },
  status: statusView(state, state.finishedAt ?? now),
});

const statusView = (state: BuildLive, end: string | undefined): BuildStatusJson => {
  const { startedAt, finishedAt, failure, image, logSnippet, phase } = state;
  return {
    phase: phaseOf(state),
    ...(state.cancelRequested ? { cancelled: true } : {}),
    ...(phase === "cancelled"
      ? { reason: "CancelledBuild", message: "The build was cancelled by the user." }
      : {
          ...(failure?.reason ? { reason: failure.reason } : {}),
          ...(failure?.message ? { message: failure.message } : {}),
        }),
    ...(startedAt ? { startTimestamp: startedAt } : {}),
    ...(finishedAt ? { completionTimestamp: finishedAt } : {}),
    ...(startedAt ? { durationMs: millisBetween(startedAt, end) } : {}),
    ...(image?.reference ? { outputDockerImageReference: image.reference } : {}),
    ...(image?.digest ? { output: { to: { imageDigest: image.digest } } } : {}),
    ...(configOf(state) ?? {}),
    ...(state.stages.length === 0 ? {} : { stages: stagesView(state, end) }),
    ...(isFinished(state) && phase !== "complete" && logSnippet ? { logSnippet } : {}),
  };
};

/** The config that owns the build. */
const configOf = ({ object }: BuildLive): Pick<BuildStatusJson, "config"> | undefined => {
  const owner = object.metadata?.ownerReferences?.find(({ kind }) => kind === "BuildConfig");
  if (owner?.name === undefined) return undefined;
  return { config: { kind: "BuildConfig", namespace: object.metadata?.namespace ?? "", name: owner.name } };
};

/** A stage lasts until the next one begins, the last one until the build ends. */
const stagesView = ({ stages }: BuildLive, end: string | undefined): BuildStageJson[] =>
  stages.map(({ name, startedAt }, index) => ({
    name,
    ...(startedAt === "" ? {} : { startTime: startedAt }),
    durationMilliseconds: millisBetween(startedAt, stages[index + 1]?.startedAt ?? end),
  }));
