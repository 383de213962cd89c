/** A pod as the plan for its controller sees it. Times in milliseconds since the epoch. */
export interface OwnedPod {
  readonly name: string;
  readonly uid: string;
  /** The controller that owns it, if one does. */
  readonly owner: string | undefined;
  readonly matches: boolean;
  readonly node: string | undefined;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  readonly terminating: boolean;
  readonly ready: boolean;
  readonly readySince: number | undefined;
  readonly restarts: number;
  readonly createdAt: number;
  /** Annotation `controller.kubernetes.io/pod-deletion-cost`, 0 when absent or not a number. */
  readonly deletionCost: number;
}
