import type { ApiObject } from "../client/api-object.ts";

interface State {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode?: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly finishedAt?: string;
  };
}

/** A container of a pod as the API tells it. */
export interface ContainerStatus {
  readonly name?: string;
  readonly image?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: State;
  readonly lastState?: State;
}

export const containerStatuses = (pod: ApiObject): readonly ContainerStatus[] =>
  (pod.status?.containerStatuses ?? []) as readonly ContainerStatus[];

/** Whether its last words are worth showing: it has ended, or ended before. */
export const hasEnded = ({ state, lastState }: ContainerStatus): boolean =>
  state?.terminated !== undefined || lastState?.terminated !== undefined;

/** What `describe` says of one container. */
export const containerLines = (container: ContainerStatus): string[] => [
  `${container.name}${container.image ? ` (${container.image})` : ""}`,
  `  State:      ${stateText(container.state)}${container.ready ? ", ready" : ""}`,
  ...(container.lastState?.terminated ? [`  Last state: ${stateText(container.lastState)}`] : []),
  `  Restarts:   ${container.restartCount ?? 0}`,
];

const stateText = ({ waiting, running, terminated }: State = {}): string => {
  if (terminated !== undefined) {
    const { reason = "", exitCode = 0, signal = 0, finishedAt, message } = terminated;
    const how = signal > 0 ? `signal ${signal}` : `exit code ${exitCode}`;
    const words = [`ended ${finishedAt ?? ""}`.trim(), reason, how].filter((word) => word !== "").join(", ");
    return message ? `${words}: ${oneLine(message)}` : words;
  }
  if (running !== undefined) return running.startedAt ? `running since ${running.startedAt}` : "running";
  if (waiting?.reason)
    return waiting.message ? `waiting, ${waiting.reason}: ${waiting.message}` : `waiting, ${waiting.reason}`;
  return "waiting";
};

/** A container's message may be the end of its log. */
const oneLine = (text: string): string => {
  const line = text.trim().replace(/\s*\n\s*/g, " | ");
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};
