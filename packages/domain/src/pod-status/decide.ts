import type {
  ContainerExitedJson,
  ContainerStartedJson,
  ContainerWaitingJson,
  PodSandboxStartedJson,
} from "@slipway/proto";
import { isBefore } from "../rfc3339.ts";
import type { PodStatusEvent } from "./events.ts";
import { type ContainerSeen, containerOf, evolve, type PodStatusLive, type PodStatusState, statusOf } from "./state.ts";

/** What an agent saw of the pod with this uid, in order. */
export interface PodStatusCommand {
  readonly type: "ObservePod";
  readonly uid: string;
  readonly events: readonly PodStatusEvent[];
}

/**
 * The part of a report that says something new. Observed states only move forward: what was said before, or is older
 * than what is known, is dropped, so that an agent may repeat itself as often as it likes. Runs are told apart by the
 * ids of containers and sandboxes; times only order two facts about the same thing, so an agent must not report a time
 * of a pod that lies before one that it reported earlier.
 */
export const decide = (command: PodStatusCommand, state: PodStatusState): readonly PodStatusEvent[] => {
  const news: PodStatusEvent[] = [];
  let current: PodStatusState = state;
  for (const event of command.events) {
    if (event.data.uid !== command.uid || !isNews(event, statusOf(current, command.uid))) continue;
    news.push(event);
    current = evolve(current, event);
  }
  return news;
};

const isNews = (event: PodStatusEvent, state: PodStatusLive): boolean => {
  // The last word about a pod.
  if (state.stopped) return false;
  switch (event.type) {
    case "ContainerExited":
      return isNewEnd(event.data, containerOf(state, event.data.container));
    case "ContainerNotReady": {
      const seen = containerOf(state, event.data.container);
      const says = seen.ready || (seen.running !== undefined && seen.readyReason !== (event.data.reason ?? ""));
      return says && isOfThisRun(event.data.at, seen);
    }
    case "PodSandboxLost":
      return state.sandbox !== undefined && !isBefore(event.data.at, state.sandbox.startedAt);
    case "PodStopped":
      return true;
    default:
      // Nothing begins in a pod that has reached its end.
      return state.finished === undefined && isNewInUnfinished(event, state);
  }
};

type Beginning = Exclude<
  PodStatusEvent,
  { type: "ContainerExited" | "ContainerNotReady" | "PodSandboxLost" | "PodStopped" }
>;

const isNewInUnfinished = (event: Beginning, state: PodStatusLive): boolean => {
  switch (event.type) {
    case "PodSandboxStarted":
      return isNewSandbox(event.data, state);
    case "ContainerWaiting":
      return isNewWait(event.data, containerOf(state, event.data.container));
    case "ContainerStarted":
      return isNewRun(event.data, containerOf(state, event.data.container));
    case "ContainerReady": {
      const seen = containerOf(state, event.data.container);
      return !seen.ready && seen.running !== undefined && isOfThisRun(event.data.at, seen);
    }
    case "PodSucceeded":
    case "PodFailed":
      return true;
    default:
      return event satisfies never;
  }
};

const isNewSandbox = (
  { sandboxId = "", at }: PodSandboxStartedJson,
  { sandbox, lostSandbox }: PodStatusLive,
): boolean =>
  sandboxId !== sandbox?.id &&
  sandboxId !== lostSandbox?.id &&
  !isBefore(at, sandbox?.startedAt) &&
  !isBefore(at, lostSandbox?.at);

/** False for what was said of readiness before the last such word, or of an earlier run. */
const isOfThisRun = (at: string | undefined, { running, readyChangedAt }: ContainerSeen): boolean =>
  !isBefore(at, readyChangedAt) && !isBefore(at, running?.startedAt);

const isNewWait = ({ reason = "", message = "", at }: ContainerWaitingJson, seen: ContainerSeen): boolean => {
  // "Still creating", said before it ran and heard after, must not hide a container that runs.
  if (seen.running !== undefined) return reason !== "ContainerCreating" && !isBefore(at, seen.running.startedAt);
  if (seen.waiting === undefined) return !isBefore(at, seen.lastEnd?.finishedAt);
  return (seen.waiting.reason !== reason || seen.waiting.message !== message) && !isBefore(at, seen.waiting.at);
};

const isNewRun = ({ containerID = "", at }: ContainerStartedJson, seen: ContainerSeen): boolean =>
  containerID !== seen.containerID &&
  ![seen.lastEnd, seen.previousEnd].some((end) => end?.containerID === containerID) &&
  !isBefore(at, seen.lastStartedAt) &&
  !isBefore(at, seen.lastEnd?.startedAt);

const isNewEnd = ({ containerID = "", finishedAt }: ContainerExitedJson, seen: ContainerSeen): boolean => {
  if ([seen.lastEnd, seen.previousEnd].some((end) => end?.containerID === containerID)) return false;
  // The run that is known ends, whatever the clock says; the end of another run counts only when none began later.
  if (containerID === seen.containerID) return true;
  return !isBefore(finishedAt, seen.lastStartedAt) && !isBefore(finishedAt, seen.lastEnd?.finishedAt);
};
