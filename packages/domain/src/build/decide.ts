import { SlipwayError } from "@slipway/kernel";
import type { BuildJson, SourceRevisionJson } from "@slipway/proto";
import { checkUid, refuseExisting } from "../object-rules.ts";
import type { BuildEvent } from "./events.ts";
import type { BuildLive, BuildState } from "./state.ts";

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
  | { readonly type: "FinishCancelledBuild"; readonly uid: string; readonly at: string; readonly logSnippet: string }
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
    return state.status === "live"
      ? refuseExisting(state.object)
      : [{ type: "BuildRequested", data: { build: command.build } }];
  }
  if (state.status !== "live") {
    if (command.type === "CancelBuild") throw new SlipwayError("NotFound", "The build does not exist.");
    return [];
  }
  const uid = state.object.metadata?.uid ?? "";
  if (command.type === "DeleteBuild") {
    checkUid(state, command.uid);
    return [{ type: "BuildDeleted", data: { uid } }];
  }
  if (command.type === "CancelBuild") return cancel(state, command.at);
  if (command.uid !== uid || isFinished(state)) return [];
  switch (command.type) {
    case "StartBuild":
      return start(state, command);
    case "StartBuildStage":
      if (state.stages.some(({ name }) => name === command.stage)) return [];
      return [{ type: "BuildStageStarted", data: { uid, stage: command.stage, at: command.at } }];
    case "RecordBuildSource":
      if (state.revision?.git?.commit !== undefined && state.revision.git.commit === command.revision.git?.commit)
        return [];
      return [{ type: "BuildSourceFetched", data: { uid, revision: command.revision } }];
    case "FinishCancelledBuild":
      return [{ type: "BuildCancelled", data: { uid, at: command.at, logSnippet: command.logSnippet } }];
    case "FailBuild": {
      const { reason, message, logSnippet, at } = command;
      return [{ type: "BuildFailed", data: { uid, reason, message, logSnippet, at } }];
    }
    case "SucceedBuild": {
      const { dockerImageReference, imageDigest, at } = command;
      return [{ type: "BuildSucceeded", data: { uid, dockerImageReference, imageDigest, at } }];
    }
    default:
      return command satisfies never;
  }
};

/** True once nothing can happen to the build but its deletion. */
export const isFinished = (state: BuildLive): boolean =>
  state.phase === "complete" || state.phase === "failed" || state.phase === "cancelled";

const start = (state: BuildLive, command: Extract<BuildCommand, { type: "StartBuild" }>): readonly BuildEvent[] => {
  if (state.builder === command.builder) return [];
  if (state.builder !== undefined && command.retake !== true) {
    throw new SlipwayError(
      "FailedPrecondition",
      `Build "${state.object.metadata?.name}" is run by ${state.builder} already.`,
    );
  }
  return [{ type: "BuildStarted", data: { uid: command.uid, builder: command.builder, at: command.at } }];
};

const cancel = (state: BuildLive, at: string): readonly BuildEvent[] => {
  const uid = state.object.metadata?.uid ?? "";
  if (state.phase === "cancelled" || state.cancelRequested) return [];
  if (isFinished(state)) {
    throw new SlipwayError(
      "FailedPrecondition",
      `Build "${state.object.metadata?.name}" has ended already: there is nothing to cancel.`,
    );
  }
  // Nobody has begun, so nobody has to be told.
  if (state.phase === "new") return [{ type: "BuildCancelled", data: { uid, at, logSnippet: "" } }];
  return [{ type: "BuildCancelRequested", data: { uid } }];
};
