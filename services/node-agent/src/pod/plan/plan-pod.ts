import { planEnd } from "./plan-end.ts";
import { planFinished } from "./plan-finished.ts";
import { planRun } from "./plan-run.ts";
import { makesProgress, type PodAction } from "./pod-action.ts";
import { PodDraft } from "./pod-draft.ts";
import type { PodEvent } from "./pod-events.ts";
import type { PodInput } from "./pod-input.ts";
import type { PodRecord, PodReported } from "./pod-record.ts";

/**
 * One step of a pod on its node.
 *
 *   (nothing) ─▶ sandbox ─▶ containers made and running ⇄ restarted, each for itself
 *        ▲          │ sandbox lost: everything anew            │ all ended and none is to run again
 *        └──────────┘                                          ▼
 *   any state ─ deletion ─▶ drained ─▶ stopped ─▶ removed   finished (dead containers stay for their logs)
 *
 * Decided from what is, never from what happened: the same input gives the same plan, and carrying a plan out twice is
 * harmless, since everything made has a name that follows from its attempt.
 */
export interface PodPlan {
  readonly actions: readonly PodAction[];
  readonly events: readonly PodEvent[];
  /** To be told only once the actions are done. */
  readonly lastEvents: readonly PodEvent[];
  readonly record: PodRecord;
  readonly reported: PodReported;
  readonly next: PodNext;
}

type PodNext =
  /** Nothing to do until something happens. */
  | { readonly type: "done" }
  /** The actions change the engine: plan again on what it shows then. */
  | { readonly type: "again" }
  | { readonly type: "retryAt"; readonly atMs: number }
  /** Nothing is left of it. */
  | { readonly type: "dead" };

export const planPod = (input: PodInput): PodPlan => {
  const draft = new PodDraft(input);
  forgetStopped(draft, input);
  if (input.wish.type === "end") planEnd(draft, input, input.wish);
  else if (input.record.finished !== undefined) planFinished(draft, input, input.record.finished);
  else planRun(draft, input, input.wish.value);
  return {
    actions: draft.actions,
    events: draft.events.list,
    lastEvents: draft.lastEvents.list,
    record: draft.record,
    reported: draft.reported,
    next: nextOf(draft),
  };
};

const nextOf = (draft: PodDraft): PodNext => {
  if (draft.actions.some((action) => action.type === "clean")) return { type: "dead" };
  if (draft.actions.some(makesProgress)) return { type: "again" };
  if (draft.wakeAtMs === Number.POSITIVE_INFINITY) return { type: "done" };
  return { type: "retryAt", atMs: draft.wakeAtMs };
};

/** Marks of containers that are gone would stay for ever. */
const forgetStopped = (draft: PodDraft, { observed, record }: PodInput): void => {
  const present = new Set(observed.containers.map((container) => container.id));
  for (const { lastId } of Object.values(record.containers)) present.add(lastId);
  const stopping = Object.entries(record.stopping).filter(([id]) => present.has(id));
  const toldExits = record.toldExits.filter((id) => present.has(id));
  if (stopping.length < Object.keys(record.stopping).length || toldExits.length < record.toldExits.length) {
    draft.record = { ...record, stopping: Object.fromEntries(stopping), toldExits };
  }
};
