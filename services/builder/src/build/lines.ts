import type { Readable } from "node:stream";

/** A line longer than this is cut into several, so that a progress bar without newlines cannot fill the memory. */
const LONGEST_LINE = 16_384;

/** Calls `onLine` for each line of a stream, UTF-8, without its newline. Resolves at the stream's end, also after an error. */
export const readLines = (stream: Readable, onLine: (line: string) => void): Promise<void> =>
  new Promise((resolve) => {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(withoutReturns(line));
      while (rest.length > LONGEST_LINE) {
        onLine(withoutReturns(rest.slice(0, LONGEST_LINE)));
        rest = rest.slice(LONGEST_LINE);
      }
    });
    const end = () => {
      if (rest !== "") onLine(withoutReturns(rest));
      rest = "";
      resolve();
    };
    stream.once("end", end);
    stream.once("error", end);
    stream.once("close", end);
  });

/** What a terminal would show of a line that was overwritten by carriage returns: its last version. */
const withoutReturns = (line: string): string => {
  const trimmed = line.endsWith("\r") ? line.slice(0, -1) : line;
  return trimmed.slice(trimmed.lastIndexOf("\r") + 1);
};
