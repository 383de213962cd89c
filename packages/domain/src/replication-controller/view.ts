import type { ReplicationControllerJson } from "@slipway/proto";
import type { ReplicationControllerLive } from "./state.ts";

/** Of a controller's pods that neither have ended nor are about to. */
export interface ReplicaCounts {
  readonly replicas: number;
  /** Those that carry every label of the template. */
  readonly fullyLabeledReplicas: number;
  readonly readyReplicas: number;
  /** Those that have been ready for `minReadySeconds`. */
  readonly availableReplicas: number;
}

/** The controller with the numbers of its pods. */
export const replicationControllerView = (
  { object }: ReplicationControllerLive,
  counts: ReplicaCounts,
): ReplicationControllerJson => ({
  ...object,
  spec: { ...object.spec, replicas: object.spec?.replicas ?? 1 },
  status: { ...counts, observedGeneration: object.metadata?.generation ?? 1 },
});
