import type { ConditionJson } from "@slipway/proto";
import type { PodStatusLive } from "../pod-status/state.ts";
import { podReadiness } from "./readiness.ts";
import type { PodLive } from "./state.ts";

const condition = (
  type: string,
  holds: boolean,
  since: string | undefined,
  why: { readonly reason?: string; readonly message?: string } = {},
): ConditionJson => ({
  type,
  status: holds ? "True" : "False",
  ...why,
  ...(since === undefined || since === "" ? {} : { lastTransitionTime: since }),
});

/** What holds of a pod, in Kubernetes' words and order. A pod that no scheduler has judged yet has none. */
export const podConditions = (state: PodLive, seen: PodStatusLive): ConditionJson[] => {
  if (state.node === undefined) {
    if (state.unschedulable === undefined) return [];
    const { message } = state.unschedulable;
    return [condition("PodScheduled", false, undefined, { reason: "Unschedulable", message })];
  }
  const { ready, unready, since } = podReadiness(state, seen);
  const readySince = since ?? seen.startedAt;
  const why = whyUnready(seen, unready);
  return [
    condition("PodReadyToStartContainers", seen.sandbox !== undefined, seen.sandbox?.startedAt),
    condition("Initialized", true, seen.startedAt),
    condition("Ready", ready, readySince, ready ? {} : why),
    condition("ContainersReady", ready, readySince, ready ? {} : why),
    condition("PodScheduled", true, undefined),
  ];
};

const whyUnready = (seen: PodStatusLive, unready: readonly string[]): { reason: string; message?: string } =>
  seen.finished === undefined
    ? { reason: "ContainersNotReady", message: `containers with unready status: [${unready.join(" ")}]` }
    : { reason: seen.finished.phase === "Succeeded" ? "PodCompleted" : "PodFailed" };
