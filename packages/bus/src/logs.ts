import { isSlipwayError, SlipwayError, shortId } from "@slipway/kernel";
import { partsOf, subjectOf } from "./subject.ts";
import { TOPOLOGY } from "./topology.ts";
import type { ReadStart, StreamMessage, StreamState, Transport } from "./transport.ts";

/** Whose output it is. */
export interface LogKey {
  readonly project: string;
  /** `pod` or `build`. */
  readonly kind: string;
  readonly name: string;
  readonly container: string;
  /** Tells one run of the container from the next: its restart count, or its id. */
  readonly run: string;
}

export interface LogLine {
  /** RFC 3339, UTC: when the container wrote it. */
  readonly at: string;
  readonly stream: "stdout" | "stderr";
  /** Without the line's end. */
  readonly text: string;
}

export interface LogChunk {
  readonly key: LogKey;
  readonly lines: readonly LogLine[];
}

export interface LogReadOptions {
  /** Goes on with what is written later, until the signal aborts. Default false. */
  readonly follow?: boolean;
  /** Begins with the last so many lines. */
  readonly tail?: number;
  /** Leaves out lines written before. */
  readonly since?: Date;
  readonly signal: AbortSignal;
}

export interface Logs {
  /** Resolves once the lines are stored, in this order. */
  publish(entry: LogKey, lines: readonly LogLine[]): Promise<void>;
  /** Lines in the order in which they were stored; of all containers and runs that the key leaves open. */
  read(
    key: Partial<LogKey> & Pick<LogKey, "project" | "kind" | "name">,
    options: LogReadOptions,
  ): AsyncIterable<LogChunk>;
}

const HEAD = "slipway.logs";
const LINES = "Slipway-Lines";
/** How far a node's clock may be behind the bus's before `since` misses lines. */
const CLOCK_SLACK_MS = 60_000;
/** What envelope and headers may take of a message. */
const ENVELOPE_BYTES = 2_048;
const STORE_TRIES = 3;

export const makeLogs = (transport: Transport): Logs => ({
  publish: async (entry, lines) => {
    const subject = subjectOf(HEAD, [entry.project, entry.kind, entry.name, entry.container, entry.run]);
    for (const chunk of chunksOf(lines, transport.maxMessageBytes() - ENVELOPE_BYTES)) {
      const headers = { [LINES]: String(chunk.length) };
      await store(transport, subject, JSON.stringify(chunk), headers);
    }
  },
  read: (key, options) => readLogs(transport, key, options),
});

/** Stores one message; a try whose answer was lost is repeated under the same id, so that no line stands twice. */
const store = async (transport: Transport, subject: string, text: string, headers: Record<string, string>) => {
  const id = shortId(transport.random, 20);
  for (let tries = 1; ; tries++) {
    try {
      return await transport.publish(subject, text, { id, headers });
    } catch (error) {
      if (tries === STORE_TRIES || !isSlipwayError(error, "BusUnavailable")) throw error;
    }
  }
};

/** Cuts lines into messages; a single line that is longer than a message is cut as well. */
const chunksOf = (lines: readonly LogLine[], maxBytes: number): LogLine[][] => {
  const chunks: LogLine[][] = [];
  let room = 0;
  for (const line of lines.flatMap((long) => cutLine(long, maxBytes))) {
    const size = Buffer.byteLength(JSON.stringify(line)) + 1;
    const open = chunks.at(-1);
    if (open === undefined || size > room) {
      chunks.push([line]);
      room = maxBytes - size;
    } else {
      open.push(line);
      room -= size;
    }
  }
  return chunks;
};

const cutLine = (line: LogLine, maxBytes: number): LogLine[] => {
  // In JSON one UTF-16 unit takes at most six bytes (\u0000).
  const units = Math.max(1, Math.floor((maxBytes - ENVELOPE_BYTES) / 6));
  if (line.text.length <= units) return [line];
  const parts: LogLine[] = [];
  for (let at = 0; at < line.text.length; at += units) parts.push({ ...line, text: line.text.slice(at, at + units) });
  return parts;
};

async function* readLogs(
  transport: Transport,
  key: Partial<LogKey> & Pick<LogKey, "project" | "kind" | "name">,
  options: LogReadOptions,
): AsyncGenerator<LogChunk, void, undefined> {
  const { signal, follow = false, since, tail } = options;
  const subject = subjectOf(HEAD, [key.project, key.kind, key.name, key.container, key.run]);
  const sinceMs = since?.getTime();
  if (sinceMs !== undefined && Number.isNaN(sinceMs)) {
    throw new SlipwayError("Invalid", "The time to read logs since is not a date: give RFC 3339.");
  }
  const start: ReadStart =
    sinceMs === undefined ? { from: "sequence", sequence: 1 } : { from: "time", atMs: sinceMs - CLOCK_SLACK_MS };
  const cut = tail === undefined ? { start, skip: 0 } : await findTail(transport, subject, start, tail, signal);
  const place = new LogPlace(cut.start);
  let skip = cut.skip;

  const steps = transport.read({ stream: TOPOLOGY.logs.name, subject, begin: (state) => place.begin(state), signal });
  for await (const step of steps) {
    if (step.type === "opened") {
      if (!follow && step.pending === 0) return;
      continue;
    }
    for (const message of step.messages) {
      if (place.take(message)) {
        const chunk = readChunk(message);
        const lines = chunk.lines.slice(skip).filter((line) => sinceMs === undefined || Date.parse(line.at) >= sinceMs);
        skip = Math.max(0, skip - chunk.lines.length);
        if (lines.length > 0) yield { key: chunk.key, lines };
      }
      if (!follow && message.pending === 0) return;
    }
  }
}

/** Where the last `tail` lines begin, found by the line counts in the headers: a message, and lines to skip in it. */
const findTail = async (
  transport: Transport,
  subject: string,
  start: ReadStart,
  tail: number,
  signal: AbortSignal,
): Promise<{ start: ReadStart; skip: number }> => {
  const found: { sequence: number; lines: number }[] = [];
  let total = 0;
  const place = new LogPlace(start);
  const steps = transport.read({
    stream: TOPOLOGY.logs.name,
    subject,
    begin: (state) => place.begin(state),
    headersOnly: true,
    signal,
  });
  reading: for await (const step of steps) {
    if (step.type === "opened") {
      if (step.pending === 0) break;
      continue;
    }
    for (const message of step.messages) {
      if (place.take(message)) {
        const lines = Number(message.header(LINES));
        found.push({ sequence: message.sequence, lines });
        total += lines;
        for (let first = found[0]; first !== undefined && total - first.lines >= tail; first = found[0]) {
          total -= first.lines;
          found.shift();
        }
      }
      if (message.pending === 0) break reading;
    }
  }
  const first = found[0];
  if (first !== undefined)
    return { start: { from: "sequence", sequence: first.sequence }, skip: Math.max(0, total - tail) };
  return place.seen > 0 || tail === 0
    ? { start: { from: "sequence", sequence: place.seen + 1 }, skip: 0 }
    : { start, skip: 0 };
};

const readChunk = (message: StreamMessage): LogChunk => {
  const [project, kind, name, container, run] = partsOf(HEAD, 5, message.subject) ?? [];
  return {
    key: {
      project: project ?? "",
      kind: kind ?? "",
      name: name ?? "",
      container: container ?? "",
      run: run ?? "",
    },
    lines: JSON.parse(message.text()) as readonly LogLine[],
  };
};

/** A reader's place in LOGS; a stream that was lost starts over from its first message. */
class LogPlace {
  readonly #start: ReadStart;
  #identity = "";
  /** The last sequence read, 0 for none. */
  seen = 0;

  constructor(start: ReadStart) {
    this.#start = start;
  }

  begin(state: StreamState): ReadStart {
    const first = this.#identity === "";
    if (!first && this.#identity !== state.identity) this.seen = 0;
    const replaced = !first && this.#identity !== state.identity;
    this.#identity = state.identity;
    if (this.seen > 0) return { from: "sequence", sequence: this.seen + 1 };
    return replaced ? { from: "sequence", sequence: 1 } : this.#start;
  }

  /** False for a message that was read before. */
  take(message: StreamMessage): boolean {
    if (message.sequence <= this.seen) return false;
    this.seen = message.sequence;
    return true;
  }
}
