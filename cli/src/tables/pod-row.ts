import type { ApiObject } from "../client/api-object.ts";

interface ContainerStatus {
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly running?: unknown;
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
}

/** What `get pods` says of a pod, in the words that its users know. */
export const podRow = (object: ApiObject): { ready: string; status: string; restarts: number } => {
  const statuses = (object.status?.containerStatuses ?? []) as readonly ContainerStatus[];
  const wanted = ((object.spec?.containers ?? []) as readonly unknown[]).length;
  return {
    ready: `${statuses.filter(({ ready }) => ready === true).length}/${wanted}`,
    status: statusWord(object, statuses),
    restarts: statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
  };
};

const statusWord = (object: ApiObject, statuses: readonly ContainerStatus[]): string => {
  if (object.metadata?.deletionTimestamp !== undefined) return "Terminating";
  const reason = object.status?.reason;
  const phase = String(object.status?.phase ?? "Pending");
  if (phase === "Succeeded") return "Completed";
  for (const { state } of statuses) {
    if (state?.waiting?.reason) return state.waiting.reason;
  }
  for (const { state } of statuses) {
    if (state?.terminated !== undefined && phase !== "Running")
      return state.terminated.reason || `ExitCode:${state.terminated.exitCode ?? 0}`;
  }
  if (typeof reason === "string" && reason !== "") return reason;
  if (phase === "Pending" && object.spec?.nodeName) return "ContainerCreating";
  return phase;
};
