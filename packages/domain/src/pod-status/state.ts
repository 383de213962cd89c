import type { ContainerExitedJson, PodSandboxStartedJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent } from "../object-state.ts";
import { storedNumber, storedText } from "../stored-object.ts";
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
  readonly waiting?: { readonly reason: string; readonly message: string; readonly at: string };
  readonly lastEnd?: ContainerEnd;
  /** The end before that. */
  readonly previousEnd?: ContainerEnd;
  /** When the latest run began, whether or not its end was seen. */
  readonly lastStartedAt?: string;
  /** Of the run that is, or was last. Empty: it never ran. */
  readonly containerID: string;
  readonly image: string;
  readonly imageID: string;
  readonly restartCount: number;
  readonly ready: boolean;
  /** Why it is not ready though it runs. */
  readonly readyReason?: string;
  /** When it became ready, or stopped being so. */
  readonly readyChangedAt?: string;
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
  /** The sandbox before this one. */
  readonly lostSandbox?: { readonly id: string; readonly at: string };
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
  if (!isPodStatusEvent(event)) return state;
  const uid = storedText(event.data?.uid);
  if (uid === "") return state;
  return evolveOwn(statusOf(state, uid), event);
};

/** What is known of the pod with this uid; nothing when the state tells of another one. */
export const statusOf = (state: PodStatusState | undefined, uid: string): PodStatusLive =>
  state?.status === "live" && state.uid === uid ? state : { status: "live", uid, containers: {} };

/** What is known of one container. */
export const containerOf = (state: PodStatusLive, name: string | undefined): ContainerSeen =>
  name !== undefined && Object.hasOwn(state.containers, name) ? (state.containers[name] ?? NEVER_SEEN) : NEVER_SEEN;

const evolveOwn = (state: PodStatusLive, event: PodStatusEvent): PodStatusLive => {
  switch (event.type) {
    case "PodSandboxStarted":
      return sandboxStarted(state, event.data);
    case "PodSandboxLost": {
      const { sandbox, ...rest } = state;
      const at = storedText(event.data.at);
      const containers = Object.entries(state.containers).map(([name, seen]) => [name, lostWithSandbox(seen, at)]);
      return {
        ...rest,
        containers: Object.fromEntries(containers),
        ...(sandbox === undefined ? {} : { lostSandbox: { id: sandbox.id, at } }),
      };
    }
    case "ContainerWaiting": {
      const { reason, message, at } = event.data;
      return withContainer(state, event.data.container, (seen) => ({
        ...stopped(seen, at),
        waiting: { reason: storedText(reason), message: storedText(message), at: storedText(at) },
      }));
    }
    case "ContainerStarted": {
      const { containerID, image, imageID, restartCount, at } = event.data;
      return withContainer(state, event.data.container, (seen) => ({
        ...stopped(seen, at),
        running: { startedAt: storedText(at) },
        lastStartedAt: storedText(at),
        containerID: storedText(containerID),
        image: storedText(image),
        imageID: storedText(imageID),
        restartCount: storedNumber(restartCount),
      }));
    }
    case "ContainerExited": {
      const lastEnd = endOf(event.data);
      return withContainer(state, event.data.container, (seen) => ({
        ...stopped(seen, lastEnd.finishedAt),
        containerID: lastEnd.containerID === "" ? seen.containerID : lastEnd.containerID,
        lastEnd,
        ...(seen.lastEnd === undefined ? {} : { previousEnd: seen.lastEnd }),
      }));
    }
    case "ContainerReady":
      return withContainer(state, event.data.container, ({ readyReason: _reason, ...seen }) => ({
        ...seen,
        ready: true,
        readyChangedAt: storedText(event.data.at),
      }));
    case "ContainerNotReady":
      return withContainer(state, event.data.container, (seen) => ({
        ...seen,
        ready: false,
        readyReason: storedText(event.data.reason),
        readyChangedAt: storedText(event.data.at),
      }));
    case "PodSucceeded":
      return { ...state, finished: { phase: "Succeeded", reason: "", message: "", at: storedText(event.data.at) } };
    case "PodFailed": {
      const { reason, message, at } = event.data;
      const failed = { reason: storedText(reason), message: storedText(message), at: storedText(at) };
      return { ...state, finished: { phase: "Failed", ...failed } };
    }
    case "PodStopped":
      return { ...state, stopped: true };
    default:
      return event satisfies never;
  }
};

const sandboxStarted = (state: PodStatusLive, data: PodSandboxStartedJson): PodStatusLive => {
  const startedAt = storedText(data.at);
  return {
    ...state,
    sandbox: {
      id: storedText(data.sandboxId),
      podIP: storedText(data.podIP),
      hostIP: storedText(data.hostIP),
      node: storedText(data.node),
      startedAt,
    },
    startedAt: state.startedAt ?? startedAt,
  };
};

const endOf = (data: ContainerExitedJson): ContainerEnd => ({
  containerID: storedText(data.containerID),
  exitCode: storedNumber(data.exitCode),
  signal: storedNumber(data.signal),
  oomKilled: data.oomKilled === true,
  reason: storedText(data.reason),
  message: storedText(data.message),
  startedAt: storedText(data.startedAt),
  finishedAt: storedText(data.finishedAt),
});

/** A container that neither runs nor waits, and is not ready. */
const stopped = (seen: ContainerSeen, at: unknown): ContainerSeen => {
  const { running: _running, waiting: _waiting, readyReason: _reason, ...rest } = seen;
  return seen.ready ? { ...rest, ready: false, readyChangedAt: storedText(at) } : rest;
};

/** What ran went with its sandbox and is made anew; nobody saw how it ended. */
const lostWithSandbox = (seen: ContainerSeen, at: string): ContainerSeen =>
  seen.running === undefined
    ? seen
    : { ...stopped(seen, at), waiting: { reason: "ContainerCreating", message: "", at } };

const withContainer = (
  state: PodStatusLive,
  name: unknown,
  change: (seen: ContainerSeen) => ContainerSeen,
): PodStatusLive => {
  if (typeof name !== "string" || name === "") return state;
  return { ...state, containers: { ...state.containers, [name]: change(containerOf(state, name)) } };
};
