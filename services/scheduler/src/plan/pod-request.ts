/** What placing a pod needs to know of it. CPU in millicores, memory in bytes; both are the pod's requests. */
export interface PodRequest {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** The user's own choice of node; empty when the scheduler may choose. */
  readonly nodeName: string;
  /** The uid of its controller: pods of one owner are spread. */
  readonly owner: string | undefined;
}
