import type { AssignmentValue } from "@slipway/domain";
import type { ImageState } from "../../image/plan/image-state.ts";
import type { ObservedPod } from "./observed-pod.ts";
import type { PodRecord, PodReported } from "./pod-record.ts";

/** What is wanted of a pod on this node. */
export type PodWish =
  | { readonly type: "run"; readonly value: AssignmentValue }
  /** `value` is absent for a pod that nobody told this agent about. */
  | { readonly type: "end"; readonly graceSeconds: number; readonly value?: AssignmentValue };

/** A container that could not even be made; tried again at `retryAtMs`. */
export interface StartFailure {
  /** CreateContainerConfigError or CreateContainerError. */
  readonly reason: string;
  readonly message: string;
  readonly failedAtMs: number;
  readonly retryAtMs: number;
}

/** What the probes of one running container say; absent fields: nothing yet. */
export interface ProbeVerdict {
  readonly ready?: boolean;
  readonly readyMessage?: string;
  /** Set once the liveness probe has failed for good. */
  readonly livenessFailure?: string;
}

/** Everything that decides a pod's next step. */
export interface PodInput {
  readonly wish: PodWish;
  readonly record: PodRecord;
  readonly reported: PodReported;
  readonly observed: ObservedPod;
  /** By container name; only for those that do not run. */
  readonly images: ReadonlyMap<string, ImageState>;
  /** By container name. */
  readonly failures: ReadonlyMap<string, StartFailure>;
  /** The last try to start a sandbox failed. */
  readonly sandboxFailure?: StartFailure;
  /** By container id. */
  readonly probes: ReadonlyMap<string, ProbeVerdict>;
  /** By container name: the hash of what is wanted now. */
  readonly specHashes: ReadonlyMap<string, string>;
  /** No new traffic comes to the pod any more. */
  readonly drained: boolean;
  readonly node: string;
  readonly hostIP: string;
  readonly nowMs: number;
}
