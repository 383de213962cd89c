import type { Change } from "@slipway/cluster";

/** Events that can make room, or lift what stood against a pod. */
const MAKES_ROOM: ReadonlySet<string> = new Set([
  "NodeRegistered",
  "NodeReady",
  "NodeUncordoned",
  "PodDeleted",
  "PodStopped",
  "PodSucceeded",
  "PodFailed",
]);

/** True when pods that found no node should be looked at again. */
export const wakesParkedPods = (changes: readonly Change[]): boolean =>
  changes.some(({ type }) => MAKES_ROOM.has(type));
