import { SlipwayError } from "@slipway/kernel";
import type { BuildJson, SourceRevisionJson } from "@slipway/proto";
import { asCreated, checkUid, isNew, refuseMissing } from "../object-rules.ts";
import { same } from "../same.ts";
import type { BuildEvent } from "./events.ts";
import { type BuildLive, type BuildState, isFinished } from "./state.ts";

/** Times are RFC 3339. */
export type BuildCommand =
  | { readonly type: "RequestBuild"; readonly build: BuildJson }
  /** `retake`: the builder that had it is gone. */
  | {
      readonly type: "StartBuild";
      readonly uid: string;
      readonly builder: string;
      readonly at: string;
      readonly retake?: boolean;
    }
  | { readonly type: "StartBuildStage"; readonly uid: string; readonly stage: string; readonly at: string }
  | { readonly type: "RecordBuildSource"; readonly uid: string; readonly revision: SourceRevisionJson }
  | { readonly type: "CancelBuild"; readonly uid?: string; readonly at: string }
  | { readonly type: "FinishCancelledBuild"; readonly uid: string; readonly at: string; readonly logSnippet?: string }
  | {
      readonly type: "FailBuild";
      readonly uid: string;
      readonly reason: string;
      readonly message: string;
      readonly logSnippet: string;
      readonly at: string;
    }
  | {
      readonly type: "SucceedBuild";
      readonly uid: string;
      readonly dockerImageReference: string;
      readonly imageDigest: string;
      readonly at: string;
    }
  | { readonly type: "DeleteBuild"; readonly uid?: string };

export const decide = (command: BuildCommand, state: BuildState): readonly BuildEvent[] => {
  if (command.type === "RequestBuild") {
    return isNew(state.status === "live" ? state.object : undefined, command.build)
      ? [{ type: "BuildRequested", data: { build: asCreated(command.build) } }]
      : [];
  }
  if (state.status !== "live") {
    return command.type === "CancelBuild" ? refuseMissing("build", "list the builds of the project") : [];
  }
  const uid = state.object.metadata?.uid ?? "";
  if (command.type === "DeleteBuild") {
    checkUid(state.object, command.uid);
    return [{ type: "BuildDeleted", data: { uid } }];
  }
  if (command.type === "CancelBuild") return cancel(state, command);
  // What a builder says of a build that has ended, or of an earlier one of its name, comes too late.
  if (command.uid !== uid || isFinished(state)) return [];
  if (command.type === "StartBuild") return start(state, command);
  if (command.type === "FailBuild") {
    const { reason, message, logSnippet, at } = command;
    return [{ type: "BuildFailed", data: { uid, reason, message, logSnippet, at } }];
  }
  return state.phase === "running" ? work(state, uid, command) : refuseNotStarted(state);
};

type WorkCommand = Extract<
  BuildCommand,
  { type: "StartBuildStage" | "RecordBuildSource" | "FinishCancelledBuild" | "SucceedBuild" }
>;

/** What only a build that a builder has taken can do. */
const work = (state: BuildLive, uid: string, command: WorkCommand): readonly BuildEvent[] => {
  switch (command.type) {
    case "StartBuildStage":
      if (state.stages.some(({ name }) => name === command.stage)) return [];
      return [{ type: "BuildStageStarted", data: { uid, stage: command.stage, at: command.at } }];
    case "RecordBuildSource":
      if (same(state.revision, command.revision)) return [];
      return [{ type: "BuildSourceFetched", data: { uid, revision: command.revision } }];
    case "FinishCancelledBuild":
      if (!state.cancelRequested) {
        throw new SlipwayError(
          "FailedPrecondition",
          `${titleOf(state)} was not cancelled: fail it, or let it succeed.`,
        );
      }
      return [{ type: "BuildCancelled", data: { uid, at: command.at, logSnippet: command.logSnippet ?? "" } }];
    case "SucceedBuild": {
      const { dockerImageReference, imageDigest, at } = command;
      return [{ type: "BuildSucceeded", data: { uid, dockerImageReference, imageDigest, at } }];
    }
    default:
      return command satisfies never;
  }
};

const titleOf = (state: BuildLive): string => `Build "${state.object.metadata?.name ?? ""}"`;

const refuseNotStarted = (state: BuildLive): never => {
  throw new SlipwayError("FailedPrecondition", `${titleOf(state)} has not been started: start it first.`);
};

const start = (state: BuildLive, command: Extract<BuildCommand, { type: "StartBuild" }>): readonly BuildEvent[] => {
  if (state.builder === command.builder) return [];
  if (state.builder !== undefined && command.retake !== true) {
    throw new SlipwayError(
      "FailedPrecondition",
      `${titleOf(state)} is run by ${state.builder} already: take it over only when that builder is gone.`,
      { fields: { builder: state.builder } },
    );
  }
  return [{ type: "BuildStarted", data: { uid: command.uid, builder: command.builder, at: command.at } }];
};

const cancel = (
  state: BuildLive,
  { uid: meant, at }: Extract<BuildCommand, { type: "CancelBuild" }>,
): readonly BuildEvent[] => {
  checkUid(state.object, meant);
  const uid = state.object.metadata?.uid ?? "";
  if (state.phase === "cancelled") return [];
  if (isFinished(state)) {
    throw new SlipwayError("FailedPrecondition", `${titleOf(state)} has ended already: there is nothing to cancel.`);
  }
  if (state.cancelRequested) return [];
  // Nobody has begun, so nobody has to be told.
  if (state.phase === "new") return [{ type: "BuildCancelled", data: { uid, at, logSnippet: "" } }];
  return [{ type: "BuildCancelRequested", data: { uid } }];
};
