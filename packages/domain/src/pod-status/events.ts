import type { EventOf } from "../event.ts";

/** The events of `pod-status/<project>/<name>`: what the node's agent saw. */
export type PodStatusEvent = EventOf<
  | "PodSandboxStarted"
  | "PodSandboxLost"
  | "ContainerWaiting"
  | "ContainerStarted"
  | "ContainerExited"
  | "ContainerReady"
  | "ContainerNotReady"
  | "PodSucceeded"
  | "PodFailed"
  | "PodStopped"
>;

const TYPES: Record<PodStatusEvent["type"], true> = {
  PodSandboxStarted: true,
  PodSandboxLost: true,
  ContainerWaiting: true,
  ContainerStarted: true,
  ContainerExited: true,
  ContainerReady: true,
  ContainerNotReady: true,
  PodSucceeded: true,
  PodFailed: true,
  PodStopped: true,
};

/** True for what an agent may report of a pod. */
export const isPodStatusEvent = (event: { readonly type: string }): event is PodStatusEvent =>
  Object.hasOwn(TYPES, event.type);
