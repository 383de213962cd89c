import type { ContainerInfo } from "@slipway/containers";
import { LABEL } from "../../container/plan/labels.ts";

/** A sandbox as the engine shows it. */
export interface ObservedSandbox {
  readonly id: string;
  /** How many sandboxes this pod had before. */
  readonly count: number;
  readonly running: boolean;
  readonly ip: string;
  readonly startedAt: string;
}

/** One container of a pod as the engine shows it; an earlier run of the same container is another one. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly restartCount: number;
  readonly backoffStep: number;
  readonly specHash: string;
  readonly sandboxId: string;
  readonly stopSignal: string;
  readonly image: string;
  readonly imageId: string;
  /** `made`: never started and nothing went wrong yet. `dead`: it ended, or its start failed. */
  readonly state: "made" | "running" | "dead";
  /** Its start failed: there never was a process. */
  readonly cannotRun: boolean;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly error: string;
  readonly startedAt: string;
  /** When it ended, or when it was made if it never ran. */
  readonly finishedAt: string;
  /** Its last lines, read only for one that failed and was not reported yet. */
  readonly logTail: string;
}

/** Everything of one pod on the engine, newest first. */
export interface ObservedPod {
  readonly sandboxes: readonly ObservedSandbox[];
  readonly containers: readonly ObservedContainer[];
}

/** Sorts what the engine shows of one pod; containers that do not carry the agent's labels are left out. */
export const observePod = (infos: readonly ContainerInfo[], logTails: ReadonlyMap<string, string>): ObservedPod => ({
  sandboxes: infos
    .filter((info) => info.labels[LABEL.role] === "sandbox")
    .map(toSandbox)
    .sort((a, b) => Number(b.running) - Number(a.running) || b.count - a.count),
  containers: infos
    .filter((info) => info.labels[LABEL.role] === "app")
    .map((info) => toContainer(info, logTails.get(info.id) ?? ""))
    .sort((a, b) => b.restartCount - a.restartCount),
});

const toSandbox = (info: ContainerInfo): ObservedSandbox => ({
  id: info.id,
  count: numberLabel(info, LABEL.restartCount),
  running: info.state.status === "running",
  ip: info.ip,
  startedAt: info.state.startedAt ?? info.createdAt,
});

const toContainer = (info: ContainerInfo, logTail: string): ObservedContainer => {
  const { state } = info;
  // A failed start leaves the container as it was made, with the error and code 126 to 128.
  const cannotRun = state.status === "created" && (state.error !== "" || state.exitCode !== 0);
  return {
    id: info.id,
    name: info.labels[LABEL.container] ?? "",
    restartCount: numberLabel(info, LABEL.restartCount),
    backoffStep: numberLabel(info, LABEL.backoffStep),
    specHash: info.labels[LABEL.specHash] ?? "",
    sandboxId: info.labels[LABEL.sandbox] ?? "",
    stopSignal: info.labels[LABEL.stopSignal] || "SIGTERM",
    image: info.labels[LABEL.image] ?? info.image,
    imageId: info.imageId,
    state: stateOf(state.status, cannotRun),
    cannotRun,
    exitCode: state.exitCode,
    oomKilled: state.oomKilled,
    error: state.error,
    startedAt: state.startedAt ?? info.createdAt,
    finishedAt: state.finishedAt ?? info.createdAt,
    logTail,
  };
};

const stateOf = (status: ContainerInfo["state"]["status"], cannotRun: boolean): ObservedContainer["state"] => {
  switch (status) {
    case "running":
    case "paused":
    case "restarting":
      return "running";
    case "created":
      return cannotRun ? "dead" : "made";
    case "removing":
    case "exited":
    case "dead":
      return "dead";
    default:
      return status satisfies never;
  }
};

const numberLabel = (info: ContainerInfo, label: string): number => {
  const value = Number(info.labels[label] ?? "0");
  return Number.isSafeInteger(value) ? value : 0;
};
