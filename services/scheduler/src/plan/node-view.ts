/** One node as the filters and scores see it. CPU in millicores, memory in bytes. */
export interface NodeView {
  readonly name: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatableCpuMillis: number;
  readonly allocatableMemoryBytes: number;
  readonly allocatablePods: number;
  /** Sums of the requests of the pods bound here. */
  readonly usedCpuMillis: number;
  readonly usedMemoryBytes: number;
  readonly usedPods: number;
  /** How many pods of this owner are bound here. */
  podsOfOwner(owner: string): number;
}
