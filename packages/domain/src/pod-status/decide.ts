import type { PodStatusEvent } from "./events.ts";
import { type ContainerSeen, evolve, NEVER_SEEN, type PodStatusLive, type PodStatusState } from "./state.ts";

/** What an agent saw of the pod with this uid, in order. */
export interface PodStatusCommand {
  readonly type: "ObservePod";
  readonly uid: string;
  readonly events: readonly PodStatusEvent[];
}

/**
 * The part of a report that says something new. Observed states only move forward: what was said before, or
 * contradicts a later thing that is known, is dropped, so that an agent may repeat itself as often as it likes.
 */
export const decide = (command: PodStatusCommand, state: PodStatusState): readonly PodStatusEvent[] => {
  const news: PodStatusEvent[] = [];
  let current = state;
  for (const event of command.events) {
    if (event.data.uid !== command.uid || !isNews(event, own(current, command.uid))) continue;
    news.push(event);
    current = evolve(current, event);
  }
  return news;
};

const own = (state: PodStatusState, uid: string): PodStatusLive =>
  state.status === "live" && state.uid === uid ? state : { status: "live", uid, containers: {} };

const isNews = (event: PodStatusEvent, state: PodStatusLive): boolean => {
  // The last word about a pod.
  if (state.stopped) return false;
  switch (event.type) {
    case "PodSandboxStarted":
      return state.sandbox?.id !== event.data.sandboxId;
    case "PodSandboxLost":
      return state.sandbox !== undefined;
    case "ContainerWaiting": {
      const { waiting, running } = container(state, event.data.container);
      // An older "still creating" must not hide a container that runs.
      if (running !== undefined && event.data.reason === "ContainerCreating") return false;
      return waiting?.reason !== event.data.reason || waiting?.message !== (event.data.message ?? "");
    }
    case "ContainerStarted": {
      const seen = container(state, event.data.container);
      return (
        seen.containerID !== event.data.containerID ||
        (seen.running === undefined && seen.lastEnd?.containerID !== event.data.containerID)
      );
    }
    case "ContainerExited":
      return !ended(container(state, event.data.container), event);
    case "ContainerReady": {
      const seen = container(state, event.data.container);
      return !seen.ready && seen.running !== undefined;
    }
    case "ContainerNotReady": {
      const seen = container(state, event.data.container);
      return seen.ready || (seen.running !== undefined && seen.readyReason !== (event.data.reason ?? ""));
    }
    case "PodSucceeded":
    case "PodFailed":
      return state.finished === undefined;
    case "PodStopped":
      return true;
    default:
      return event satisfies never;
  }
};

const ended = (seen: ContainerSeen, event: Extract<PodStatusEvent, { type: "ContainerExited" }>): boolean =>
  // The same container may be started again and end again: its start tells the ends apart.
  [seen.lastEnd, seen.previousEnd].some(
    (end) =>
      end !== undefined &&
      end.containerID === event.data.containerID &&
      end.finishedAt === (event.data.finishedAt ?? ""),
  );

const container = (state: PodStatusLive, name: string | undefined): ContainerSeen =>
  name !== undefined && Object.hasOwn(state.containers, name) ? (state.containers[name] as ContainerSeen) : NEVER_SEEN;
