import type { LogLine } from "../log-line.ts";
import type { Frame } from "./demultiplex.ts";

/** A line without an end is cut here, so that one process cannot fill the reader's memory. */
const LONGEST_LINE_BYTES = 256 * 1024;

const NEWLINE = 0x0a;

/**
 * Where the engine writes the time: at the start of every frame (a line longer than 16 KiB comes in several frames, each
 * with its own time: the first counts), at the start of every line (a terminal has no frames), or nowhere.
 */
export type Timestamps = "frame" | "line" | "none";

/**
 * Joins frames to lines, each stream by itself. Bytes are joined before they become text, so that a cut within a
 * character does no harm.
 */
export async function* logLines(frames: AsyncIterable<Frame>, timestamps: Timestamps): AsyncGenerator<LogLine> {
  const open = { stdout: new OpenLine("stdout", timestamps), stderr: new OpenLine("stderr", timestamps) };
  for await (const frame of frames) {
    const line = open[frame.stream];
    let data = line.startFrame(frame.data);
    while (data.length > 0) {
      const end = data.indexOf(NEWLINE);
      line.add(end < 0 ? data : data.subarray(0, end));
      data = end < 0 ? data.subarray(data.length) : data.subarray(end + 1);
      if (end >= 0 || line.bytes >= LONGEST_LINE_BYTES) yield line.close();
    }
  }
  for (const line of [open.stdout, open.stderr]) if (line.bytes > 0) yield line.close();
}

class OpenLine {
  bytes = 0;
  readonly #stream: Frame["stream"];
  readonly #timestamps: Timestamps;
  #parts: Buffer[] = [];
  #at = "";

  constructor(stream: Frame["stream"], timestamps: Timestamps) {
    this.#stream = stream;
    this.#timestamps = timestamps;
  }

  startFrame(data: Buffer): Buffer {
    if (this.#timestamps !== "frame") return data;
    const { at, rest } = splitTime(data);
    if (this.#at === "") this.#at = at;
    return rest;
  }

  add(part: Buffer): void {
    this.#parts.push(part);
    this.bytes += part.length;
  }

  close(): LogLine {
    let bytes: Buffer = Buffer.concat(this.#parts);
    if (this.#timestamps === "line") {
      const { at, rest } = splitTime(bytes);
      this.#at = at;
      bytes = rest;
    }
    const text = bytes.toString("utf8");
    const line = { at: this.#at, stream: this.#stream, text: text.endsWith("\r") ? text.slice(0, -1) : text };
    this.#parts = [];
    this.#at = "";
    this.bytes = 0;
    return line;
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const splitTime = (data: Buffer): { at: string; rest: Buffer } => {
  const space = data.subarray(0, 40).indexOf(0x20);
  const at = space > 0 ? data.toString("latin1", 0, space) : "";
  return TIME.test(at) ? { at, rest: data.subarray(space + 1) } : { at: "", rest: data };
};
