import type { ContainerJson } from "@slipway/proto";
import { containerOf, type PodStatusLive, type PodStatusState, statusOf } from "../pod-status/state.ts";
import { laterOf } from "../rfc3339.ts";
import type { PodLive } from "./state.ts";

export interface Readiness {
  readonly ready: boolean;
  /** When the last container became ready, or ceased to be. Unknown: never ready so far. */
  readonly since?: string;
  /** Names of the containers that stand against it. */
  readonly unready: readonly string[];
}

/** The containers that a pod wishes for, whatever its stored spec holds. */
export const containersOf = ({ pod }: PodLive): readonly ContainerJson[] =>
  Array.isArray(pod.spec?.containers) ? pod.spec.containers : [];

/** What was seen of this very pod, not of an earlier one of its name. */
export const seenOf = (state: PodLive, status: PodStatusState | undefined): PodStatusLive =>
  statusOf(status, state.pod.metadata?.uid ?? "");

/** Whether every container of the pod runs and says that it is ready: what services and controllers go by. */
export const podReadiness = (state: PodLive, status: PodStatusState | undefined): Readiness => {
  const seen = seenOf(state, status);
  const unready: string[] = [];
  let since: string | undefined;
  for (const { name = "" } of containersOf(state)) {
    const container = containerOf(seen, name);
    if (!container.ready) unready.push(name);
    since = laterOf(since, container.readyChangedAt);
  }
  const ready = unready.length === 0 && seen.finished === undefined && containersOf(state).length > 0;
  return { ready, unready, ...(since === undefined ? {} : { since }) };
};
