import type { LogLine } from "@slipway/bus";
import type { ContainerSummary, Containers } from "@slipway/containers";
import { type Clock, isSlipwayError, SlipwayError, systemClock } from "@slipway/kernel";
import { type AgentIdentity, LABEL, ownLabels } from "../container/plan/labels.ts";
import { batches } from "../log/batches.ts";

/** The question `logs`: what a container of a pod on this node writes, or wrote. */
interface LogsQuestion {
  readonly uid: string;
  /** May be left out when the pod has one container. */
  readonly container?: string;
  readonly follow?: boolean;
  /** Only the last so many lines. */
  readonly tail?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  /** The run before the present one. */
  readonly previous?: boolean;
}

export interface LogsAnswer {
  readonly lines: readonly LogLine[];
}

export interface LogsSource {
  readonly containers: Pick<Containers, "list" | "logs">;
  readonly identity: AgentIdentity;
  /** Resolves when the pod changed, or after a while. */
  readonly changed: (uid: string, signal: AbortSignal) => Promise<void>;
  /** Whether the pod may still write something. */
  readonly lives: (uid: string) => boolean;
  readonly clock?: Clock;
}

/** Answers `logs` straight from the engine; with `follow` it goes on over restarts of the container. */
export async function* serveLogs(
  source: LogsSource,
  data: unknown,
  signal: AbortSignal,
): AsyncGenerator<LogsAnswer, void, undefined> {
  const question = readQuestion(data);
  const { clock = systemClock } = source;
  let last = -1;
  while (!signal.aborted) {
    const run = await nextRun(source, question, last, signal);
    if (run !== undefined) {
      const first = last < 0;
      last = runNumber(run);
      const lines = source.containers.logs(run.id, {
        signal,
        ...(question.follow && !question.previous && { follow: true }),
        ...(first && question.tail !== undefined && { tail: question.tail }),
        ...(first && question.sinceTime !== undefined && { since: question.sinceTime }),
      });
      for await (const batch of batches(untilGone(lines), clock, signal)) yield { lines: batch };
      continue;
    }
    if (!question.follow || question.previous || !source.lives(question.uid)) return;
    await source.changed(question.uid, signal);
  }
}

const readQuestion = (data: unknown): LogsQuestion => {
  const question = data as LogsQuestion;
  if (typeof question !== "object" || question === null || typeof question.uid !== "string") {
    throw new SlipwayError("Invalid", "A question for logs must name the pod's uid.");
  }
  return question;
};

const runNumber = ({ labels }: ContainerSummary): number => Number(labels[LABEL.restartCount] ?? "0");

/** The run to read after `last` (-1: none was read yet); nothing when there is none. */
const nextRun = async (
  { containers, identity }: LogsSource,
  { uid, container, previous }: LogsQuestion,
  last: number,
  signal: AbortSignal,
): Promise<ContainerSummary | undefined> => {
  const named: Record<string, string> = container === undefined ? {} : { [LABEL.container]: container };
  const labels = { ...ownLabels(identity), [LABEL.podUid]: uid, [LABEL.role]: "app", ...named };
  const runs = await containers.list({ labels, all: true, signal });
  const names = new Set(runs.map((run) => run.labels[LABEL.container]));
  if (names.size > 1) {
    throw new SlipwayError("Invalid", `The pod has several containers, name one of them: ${[...names].join(", ")}.`);
  }
  const newestFirst = runs.filter(({ status }) => status !== "created").sort((a, b) => runNumber(b) - runNumber(a));
  if (previous) {
    if (last >= 0) return undefined;
    if (newestFirst.length < 2) throw new SlipwayError("NotFound", "There is no previous run of this container.");
    return newestFirst[1];
  }
  return last < 0 ? newestFirst[0] : newestFirst.filter((run) => runNumber(run) > last).at(-1);
};

/** A container that is removed while it is read has said everything. */
async function* untilGone<T>(lines: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* lines;
  } catch (error) {
    if (!isSlipwayError(error, "ContainerNotFound")) throw error;
  }
}
