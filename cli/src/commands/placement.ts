import type { Event } from "@slipway/proto";

interface Verdict {
  readonly node?: string;
  readonly feasible?: boolean;
  readonly reason?: string;
  readonly score?: number;
  readonly scores?: Readonly<Record<string, number>>;
}

interface Decision {
  readonly node?: string;
  readonly message?: string;
  readonly explanation?: {
    readonly verdicts?: readonly Verdict[];
    readonly omitted?: Readonly<Record<string, number>>;
  };
}

/** The scheduler's last word on a pod: where to, or why nowhere, and below it a line for each node it looked at. */
export const placementLines = (events: readonly Event[]): { summary: string; nodes: string[] } | undefined => {
  const event = events.findLast(({ type }) => type === "PodScheduled" || type === "PodUnschedulable");
  if (event === undefined) return undefined;
  const { node, message, explanation } = (event.data ?? {}) as Decision;
  const summary =
    event.type === "PodScheduled"
      ? `was bound to node ${node} (position ${event.position})`
      : `has no node: ${message}`;
  const omitted = Object.entries(explanation?.omitted ?? {}).map(([reason, count]) => `… and ${count} more: ${reason}`);
  return { summary, nodes: [...(explanation?.verdicts ?? []).map(verdictLine), ...omitted] };
};

const verdictLine = ({ node, feasible, reason, score = 0, scores = {} }: Verdict): string => {
  if (!feasible) return `${node}: ${reason}`;
  const points = Object.entries(scores).map(([name, value]) => `${name} ${value}`);
  return `${node}: fits, ${score} points${points.length > 0 ? ` (${points.join(", ")})` : ""}`;
};
