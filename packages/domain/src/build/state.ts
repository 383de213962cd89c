import type { BuildJson, SourceRevisionJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";

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
    const object = event.data?.build;
    return object === undefined ? state : { status: "live", object, phase: "new", stages: [], cancelRequested: false };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "BuildStarted":
      return {
        ...state,
        phase: "running",
        builder: event.data?.builder ?? "",
        startedAt: state.startedAt ?? event.data?.at ?? "",
      };
    case "BuildStageStarted":
      return {
        ...state,
        stages: [...state.stages, { name: event.data?.stage ?? "", startedAt: event.data?.at ?? "" }],
      };
    case "BuildSourceFetched":
      return event.data?.revision === undefined ? state : { ...state, revision: event.data.revision };
    case "BuildCancelRequested":
      return { ...state, cancelRequested: true };
    case "BuildCancelled":
      return {
        ...state,
        phase: "cancelled",
        cancelRequested: true,
        finishedAt: event.data?.at ?? "",
        logSnippet: event.data?.logSnippet ?? "",
      };
    case "BuildFailed": {
      const { reason = "", message = "", logSnippet = "", at = "" } = event.data ?? {};
      return { ...state, phase: "failed", failure: { reason, message }, logSnippet, finishedAt: at };
    }
    case "BuildSucceeded": {
      const { dockerImageReference: reference = "", imageDigest: digest = "", at = "" } = event.data ?? {};
      return { ...state, phase: "complete", image: { reference, digest }, finishedAt: at };
    }
    case "BuildDeleted":
      return ABSENT;
    default:
      return state;
  }
};
