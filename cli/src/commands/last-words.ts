import type { Session } from "../client/session.ts";

export interface LastWordsOf {
  readonly pod: string;
  /** The only one when left out. */
  readonly container?: string;
  /** Of the run before the current one. */
  readonly previous?: boolean;
}

const LINES = 10;
const PATIENCE_MS = 5_000;

/** The last lines that a container wrote, to stand beside the reason of a failure; none when they cannot be had. */
export const lastWords = async (
  session: Session,
  signal: AbortSignal,
  { pod, container = "", previous = false }: LastWordsOf,
): Promise<string[]> => {
  const lines: string[] = [];
  try {
    const request = { project: session.project, name: pod, container, previous, tailLines: LINES };
    for await (const chunk of session.pods.logs(request, { signal, timeoutMs: PATIENCE_MS }))
      lines.push(...chunk.lines.map(({ text }) => text));
  } catch {
    // They are a help beside the reason, never a reason of their own to fail.
  }
  return lines.slice(-LINES);
};
