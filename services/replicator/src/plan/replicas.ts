import type { OwnedPod } from "./owned-pod.ts";
import { removalOrder } from "./removal-order.ts";

/** What has to happen so that a controller has the pods it wants. */
export interface ReplicasPlan {
  /** How many pods to make. */
  readonly create: number;
  readonly remove: readonly OwnedPod[];
  readonly adopt: readonly OwnedPod[];
  readonly release: readonly OwnedPod[];
}

/** A pod that still counts: not on its way out and not at its end. */
const active = (pod: OwnedPod): boolean => !pod.terminating && pod.phase !== "Succeeded" && pod.phase !== "Failed";

/**
 * Compares a controller (its uid and wanted number) with the pods that it owns or could own. Orphans that match are
 * adopted first, pods whose labels do not match any more are let go, then the number is made right.
 */
export const planReplicas = (uid: string, replicas: number, pods: readonly OwnedPod[], now: number): ReplicasPlan => {
  const release = pods.filter((pod) => pod.owner === uid && !pod.matches && !pod.terminating);
  const adopt = pods.filter((pod) => pod.owner === undefined && pod.matches && active(pod));
  const kept = [...pods.filter((pod) => pod.owner === uid && pod.matches && active(pod)), ...adopt];
  const surplus = kept.length - replicas;
  return {
    create: Math.max(0, -surplus),
    remove: surplus > 0 ? removalOrder(kept, now).slice(0, surplus) : [],
    adopt,
    release,
  };
};
