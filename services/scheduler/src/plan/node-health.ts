/** What is known of one node's life. Times in milliseconds since the epoch. */
export interface NodeLife {
  readonly name: string;
  readonly ready: boolean | "unknown";
  /** The last heartbeat heard by this process, or the moment since which it listens. */
  readonly heardAt: number;
  /** False when nothing was heard since this process listens. */
  readonly heard: boolean;
}

export type HealthVerdict = { readonly name: string; readonly verdict: "ready" | "unreachable" };

/**
 * Which nodes changed. A node is ready with its first heartbeat and unreachable when `leaseMs` went by without one;
 * silence counts only from the moment this process began to listen.
 */
export const judgeNodes = (nodes: readonly NodeLife[], now: number, leaseMs: number): readonly HealthVerdict[] =>
  nodes.flatMap(({ name, ready, heardAt, heard }): HealthVerdict[] => {
    const silent = now - heardAt > leaseMs;
    if (silent && ready !== false) return [{ name, verdict: "unreachable" }];
    if (!silent && heard && ready !== true) return [{ name, verdict: "ready" }];
    return [];
  });
