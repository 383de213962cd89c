import type { ContainerJson, ContainerStateJson, ContainerStatusJson } from "@slipway/proto";
import { type ContainerEnd, type ContainerSeen, containerOf, type PodStatusLive } from "../pod-status/state.ts";

const terminated = (end: ContainerEnd): ContainerStateJson => ({
  terminated: {
    exitCode: end.exitCode,
    reason: end.reason,
    ...(end.signal === 0 ? {} : { signal: end.signal }),
    ...(end.message === "" ? {} : { message: end.message }),
    ...(end.startedAt === "" ? {} : { startedAt: end.startedAt }),
    ...(end.finishedAt === "" ? {} : { finishedAt: end.finishedAt }),
    ...(end.containerID === "" ? {} : { containerID: end.containerID }),
  },
});

interface States {
  readonly now: ContainerStateJson;
  readonly before: ContainerEnd | undefined;
}

const statesOf = ({ running, waiting, lastEnd, previousEnd }: ContainerSeen): States => {
  if (running !== undefined) return { now: { running }, before: lastEnd };
  if (waiting !== undefined) {
    const { reason, message } = waiting;
    return { now: { waiting: { reason, ...(message === "" ? {} : { message }) } }, before: lastEnd };
  }
  if (lastEnd !== undefined) return { now: terminated(lastEnd), before: previousEnd };
  return { now: { waiting: { reason: "ContainerCreating" } }, before: undefined };
};

/** One container of a pod that has a node, as its users know it. */
export const containerView = (container: ContainerJson, status: PodStatusLive): ContainerStatusJson => {
  const seen = containerOf(status, container.name);
  const { now, before } = statesOf(seen);
  const image = seen.image || container.image;
  return {
    name: container.name ?? "",
    state: now,
    ...(before === undefined ? {} : { lastState: terminated(before) }),
    ready: seen.ready,
    restartCount: seen.restartCount,
    ...(image === undefined ? {} : { image }),
    ...(seen.imageID === "" ? {} : { imageID: seen.imageID }),
    ...(seen.containerID === "" ? {} : { containerID: seen.containerID }),
  };
};
