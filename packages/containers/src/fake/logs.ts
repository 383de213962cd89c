import type { LogsOptions } from "../container.ts";
import type { LogLine } from "../log-line.ts";
import { enter, type FakeState, findContainer } from "./state.ts";

/** What the program wrote at its start, and with `follow` what comes until the exit. */
export async function* fakeLogs(state: FakeState, id: string, options: LogsOptions): AsyncGenerator<LogLine> {
  const { follow = false, since, until, tail, signal } = options;
  if (signal?.aborted) return;
  await enter(state, "containers.logs", id);
  const container = findContainer(state, id);
  const within = (line: LogLine) =>
    (since === undefined || line.at >= since) && (until === undefined || line.at <= until);
  const kept = container.logs.filter(within);
  let next = container.logs.length;
  for (const line of tail === undefined ? kept : kept.slice(-tail)) {
    if (signal?.aborted) return;
    yield line;
  }
  while (follow && !signal?.aborted) {
    for (; next < container.logs.length; next++) yield container.logs[next] as LogLine;
    if (container.status !== "running") return;
    await Promise.race([container.exited.promise, aborted(signal)]);
  }
}

const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
