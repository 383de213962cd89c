import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";
import { isPodStatusEvent, type PodStatusEvent } from "./events.ts";

/** One end of a container. */
export interface ContainerEnd {
  readonly containerID: string;
  readonly exitCode: number;
  readonly signal: number;
  readonly oomKilled: boolean;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** One container as last seen. Times are RFC 3339. */
export interface ContainerSeen {
  /** Present while it runs. */
  readonly running?: { readonly startedAt: string };
  /** Why it does not run, when that is known to be for now. */
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly lastEnd?: ContainerEnd;
  /** The end before that. */
  readonly previousEnd?: ContainerEnd;
  readonly containerID: string;
  readonly image: string;
  readonly imageID: string;
  readonly restartCount: number;
  readonly ready: boolean;
  readonly readyReason?: string;
  readonly readySince?: string;
}

/** What is seen of one pod. The state of another uid is forgotten with the first event of the new one. */
export interface PodStatusLive {
  readonly status: "live";
  readonly uid: string;
  readonly sandbox?: {
    readonly id: string;
    readonly podIP: string;
    readonly hostIP: string;
    readonly node: string;
    readonly startedAt: string;
  };
  /** The first sandbox's start. */
  readonly startedAt?: string;
  readonly containers: Readonly<Record<string, ContainerSeen>>;
  readonly finished?: {
    readonly phase: "Succeeded" | "Failed";
    readonly reason: string;
    readonly message: string;
    readonly at: string;
  };
  /** Nothing of it is left on its node. */
  readonly stopped?: true;
}

export type PodStatusState = PodStatusLive | ObjectAbsent;

export const initial: PodStatusState = ABSENT;

export const NEVER_SEEN: ContainerSeen = { containerID: "", image: "", imageID: "", restartCount: 0, ready: false };

export const evolve = (state: PodStatusState, event: DomainEvent): PodStatusState => {
  if (!isPodStatusEvent(event) || !event.data?.uid) return state;
  const { uid } = event.data;
  const own: PodStatusLive =
    state.status === "live" && state.uid === uid ? state : { status: "live", uid, containers: {} };
  return evolveOwn(own, event);
};

const evolveOwn = (state: PodStatusLive, event: PodStatusEvent): PodStatusLive => {
  switch (event.type) {
    case "PodSandboxStarted": {
      const { sandboxId: id = "", podIP = "", hostIP = "", node = "", at = "" } = event.data;
      return { ...state, sandbox: { id, podIP, hostIP, node, startedAt: at }, startedAt: state.startedAt ?? at };
    }
    case "PodSandboxLost": {
      const { sandbox: _gone, ...rest } = state;
      const containers = Object.fromEntries(
        Object.entries(state.containers).map(([name, { running: _running, readySince: _since, ...seen }]) => [
          name,
          { ...seen, ready: false },
        ]),
      );
      return { ...rest, containers };
    }
    case "ContainerWaiting":
      return withContainer(state, event.data.container, ({ running: _running, readySince: _since, ...seen }) => ({
        ...seen,
        ready: false,
        waiting: { reason: event.data.reason ?? "", message: event.data.message ?? "" },
      }));
    case "ContainerStarted":
      return withContainer(state, event.data.container, ({ waiting: _waiting, readySince: _since, ...seen }) => ({
        ...seen,
        running: { startedAt: event.data.at ?? "" },
        containerID: event.data.containerID ?? "",
        image: event.data.image ?? "",
        imageID: event.data.imageID ?? "",
        restartCount: event.data.restartCount ?? 0,
        ready: false,
      }));
    case "ContainerExited": {
      const {
        containerID = "",
        exitCode = 0,
        signal = 0,
        oomKilled = false,
        reason = "",
        message = "",
        startedAt = "",
        finishedAt = "",
      } = event.data;
      const lastEnd: ContainerEnd = {
        containerID,
        exitCode,
        signal,
        oomKilled,
        reason,
        message,
        startedAt,
        finishedAt,
      };
      return withContainer(state, event.data.container, ({ running: _running, readySince: _since, ...seen }) => ({
        ...seen,
        ready: false,
        lastEnd,
        ...(seen.lastEnd === undefined ? {} : { previousEnd: seen.lastEnd }),
      }));
    }
    case "ContainerReady":
      return withContainer(state, event.data.container, ({ readyReason: _reason, ...seen }) => ({
        ...seen,
        ready: true,
        readySince: event.data.at ?? "",
      }));
    case "ContainerNotReady":
      return withContainer(state, event.data.container, ({ readySince: _since, ...seen }) => ({
        ...seen,
        ready: false,
        readyReason: event.data.reason ?? "",
      }));
    case "PodSucceeded":
      return { ...state, finished: { phase: "Succeeded", reason: "", message: "", at: event.data.at ?? "" } };
    case "PodFailed": {
      const { reason = "", message = "", at = "" } = event.data;
      return { ...state, finished: { phase: "Failed", reason, message, at } };
    }
    case "PodStopped":
      return { ...state, stopped: true };
    default:
      return event satisfies never;
  }
};

const withContainer = (
  state: PodStatusLive,
  name: string | undefined,
  change: (seen: ContainerSeen) => ContainerSeen,
): PodStatusLive => {
  if (!name) return state;
  const seen = Object.hasOwn(state.containers, name) ? (state.containers[name] as ContainerSeen) : NEVER_SEEN;
  return { ...state, containers: { ...state.containers, [name]: change(seen) } };
};
