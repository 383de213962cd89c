import type { BuildJson, SourceRevisionJson } from "@slipway/proto";
import type { DomainEvent, EventOf } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";
import { isUidOf, storedObject, storedText } from "../stored-object.ts";
import { type BuildEvent, isBuildEvent } from "./events.ts";

/**
 *   new ──BuildStarted──▶ running ──▶ complete | failed | cancelled
 *    └──────BuildCancelled──────────────────────────────▲
 */
export interface BuildLive extends ObjectLive<BuildJson> {
  readonly phase: "new" | "running" | "complete" | "failed" | "cancelled";
  /** Who runs it. */
  readonly builder?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly stages: readonly { readonly name: string; readonly startedAt: string }[];
  readonly revision?: SourceRevisionJson;
  readonly cancelRequested: boolean;
  readonly failure?: { readonly reason: string; readonly message: string };
  readonly logSnippet?: string;
  readonly image?: { readonly reference: string; readonly digest: string };
}

export type BuildState = BuildLive | ObjectAbsent;

export const initial: BuildState = ABSENT;

export const evolve = (state: BuildState, event: DomainEvent): BuildState => {
  if (event.type === "BuildRequested") {
    const object = storedObject(event.data?.build);
    return object === undefined ? state : { status: "live", object, phase: "new", stages: [], cancelRequested: false };
  }
  if (state.status !== "live" || !isBuildEvent(event) || !isUidOf(state.object, event.data?.uid)) return state;
  if (event.type === "BuildDeleted") return ABSENT;
  return isFinished(state) ? state : evolveUnfinished(state, event);
};

/** True once nothing can happen to the build but its deletion. */
export const isFinished = (state: BuildLive): boolean =>
  state.phase === "complete" || state.phase === "failed" || state.phase === "cancelled";

type UnfinishedEvent = Exclude<BuildEvent, EventOf<"BuildRequested" | "BuildDeleted">>;

const evolveUnfinished = (state: BuildLive, event: UnfinishedEvent): BuildLive => {
  switch (event.type) {
    case "BuildStarted":
      // Taken over, it begins anew; its time limit goes on counting from the first start.
      return {
        ...state,
        phase: "running",
        builder: storedText(event.data?.builder),
        startedAt: state.startedAt ?? storedText(event.data?.at),
        stages: [],
      };
    case "BuildStageStarted": {
      const stage = { name: storedText(event.data?.stage), startedAt: storedText(event.data?.at) };
      return { ...state, stages: [...state.stages, stage] };
    }
    case "BuildSourceFetched":
      return event.data?.revision === undefined ? state : { ...state, revision: event.data.revision };
    case "BuildCancelRequested":
      return { ...state, cancelRequested: true };
    case "BuildCancelled":
      return {
        ...state,
        phase: "cancelled",
        cancelRequested: true,
        finishedAt: storedText(event.data?.at),
        logSnippet: storedText(event.data?.logSnippet),
      };
    case "BuildFailed":
      return {
        ...state,
        phase: "failed",
        failure: { reason: storedText(event.data?.reason), message: storedText(event.data?.message) },
        logSnippet: storedText(event.data?.logSnippet),
        finishedAt: storedText(event.data?.at),
      };
    case "BuildSucceeded":
      return {
        ...state,
        phase: "complete",
        image: { reference: storedText(event.data?.dockerImageReference), digest: storedText(event.data?.imageDigest) },
        finishedAt: storedText(event.data?.at),
      };
    default:
      return event satisfies never;
  }
};
