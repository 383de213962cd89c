import { PassThrough } from "node:stream";
import { readLines } from "./lines.ts";

const linesOf = async (...chunks: (string | Buffer)[]): Promise<string[]> => {
  const stream = new PassThrough();
  const lines: string[] = [];
  const done = readLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await done;
  return lines;
};

describe("reading lines", () => {
  it("joins a line that came in pieces and keeps the last one without a newline", async () => {
    expect(await linesOf("on", "e\ntw", "o\n\nthree")).toEqual(["one", "two", "", "three"]);
  });

  it("keeps a character whole that was split between chunks", async () => {
    const bytes = Buffer.from("grün\n");
    expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(["grün"]);
  });

  it("shows the last version of a line that was overwritten", async () => {
    expect(await linesOf("10%\r50%\r100%\r\ndone\r\n")).toEqual(["100%", "done"]);
  });

  it("cuts a line without end", async () => {
    const lines = await linesOf("x".repeat(40_000));
    expect(lines.map((line) => line.length)).toEqual([16_384, 16_384, 7_232]);
  });

  it("ends when the stream breaks", async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    const done = readLines(stream, (line) => lines.push(line));
    stream.write("half");
    await new Promise((resolve) => setImmediate(resolve));
    stream.destroy(new Error("broken"));
    await done;
    expect(lines).toEqual(["half"]);
  });
});
