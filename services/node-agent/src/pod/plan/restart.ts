import { type BackoffPolicy, backoffDelayMs } from "@slipway/kernel";
import type { ObservedContainer } from "./observed-pod.ts";

/** Between restarts of one container, from the second one on: the first is immediate. */
export const RESTART_BACKOFF: BackoffPolicy = { initialMs: 10_000, maxMs: 300_000 };

/** A run of this length is a good one: the next end counts as the first again. */
const GOOD_RUN_MS = 10 * 60_000;

export type RestartVerdict =
  /** It has ended for good. */
  | { readonly restart: "never" }
  /** `step` is what the next run carries as its back-off step; `delayMs` is what was waited for it. */
  | { readonly restart: "at"; readonly atMs: number; readonly delayMs: number; readonly step: number };

/** When a container that ended runs again: `restartPolicy` against its exit code, delayed by the quick ends before. */
export const restartVerdict = (
  policy: string,
  dead: Pick<ObservedContainer, "exitCode" | "backoffStep" | "startedAt" | "finishedAt" | "cannotRun">,
): RestartVerdict => {
  if (policy === "Never" || (policy === "OnFailure" && dead.exitCode === 0)) return { restart: "never" };
  const finishedMs = Date.parse(dead.finishedAt);
  const ranMs = dead.cannotRun ? 0 : finishedMs - Date.parse(dead.startedAt);
  const step = ranMs >= GOOD_RUN_MS ? 0 : dead.backoffStep;
  const delayMs = backoffDelayMs(RESTART_BACKOFF, step);
  return { restart: "at", atMs: finishedMs + delayMs, delayMs, step: step + 1 };
};
