import type { Bus, LogLine } from "@slipway/bus";
import { SlipwayError } from "@slipway/kernel";

export interface KeptLogsQuestion {
  readonly project: string;
  readonly name: string;
  /** Empty: all of the pod's. */
  readonly container: string;
  readonly tail: number | undefined;
  readonly since: Date | undefined;
  /** The run before the last one, of each container. */
  readonly previous: boolean;
  readonly signal: AbortSignal;
}

export interface KeptLines {
  readonly container: string;
  readonly lines: readonly LogLine[];
}

/** What the bus has kept of a pod's output: of one that is gone, or whose node does not answer. */
export async function* keptLogs({ logs }: Pick<Bus, "logs">, question: KeptLogsQuestion): AsyncGenerator<KeptLines> {
  const { project, name, container, tail, since, previous, signal } = question;
  const chunks = logs.read(
    { project, kind: "pod", name, ...(container === "" ? {} : { container }) },
    {
      signal,
      ...(tail === undefined || previous ? {} : { tail }),
      ...(since === undefined ? {} : { since }),
    },
  );
  if (!previous) {
    for await (const { key, lines } of chunks) yield { container: key.container, lines };
    return;
  }
  const runs = new Map<string, Map<string, LogLine[]>>();
  for await (const { key, lines } of chunks) {
    const ofContainer = runs.get(key.container) ?? new Map<string, LogLine[]>();
    runs.set(key.container, ofContainer.set(key.run, [...(ofContainer.get(key.run) ?? []), ...lines]));
  }
  let found = false;
  for (const [of, byRun] of runs) {
    const before = [...byRun.values()].at(-2);
    if (before === undefined) continue;
    found = true;
    yield { container: of, lines: tail === undefined ? before : tail === 0 ? [] : before.slice(-tail) };
  }
  if (!found) throw new SlipwayError("NotFound", `No earlier run of a container of pod "${name}" is kept.`);
}
