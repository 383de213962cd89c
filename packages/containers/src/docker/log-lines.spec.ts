import { demultiplex, type Frame } from "./demultiplex.ts";
import { logLines } from "./log-lines.ts";

const frame = (stream: 1 | 2, text: string | Buffer): Buffer => {
  const data = Buffer.from(text as string);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
};

/** The bytes in chunks of `size`, as a socket might deliver them. */
async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

async function* stdout(...chunks: (string | Buffer)[]): AsyncGenerator<Frame> {
  for (const chunk of chunks) yield { stream: "stdout", data: Buffer.from(chunk as string) };
}

const T1 = "2026-01-02T03:04:05.000000001Z";
const T2 = "2026-01-02T03:04:05.000000002Z";

describe("demultiplex", () => {
  it("gives the same frames however the bytes are cut", async () => {
    const bytes = Buffer.concat([frame(1, "out"), frame(2, "err"), frame(1, ""), frame(1, "x".repeat(1_000))]);
    const whole = await all(demultiplex(inChunks(bytes, bytes.length)));
    expect(whole.map(({ stream, data }) => [stream, data.length])).toEqual([
      ["stdout", 3],
      ["stderr", 3],
      ["stdout", 1_000],
    ]);
    for (const size of [1, 2, 3, 7, 8, 9, 11, 64]) {
      expect(await all(demultiplex(inChunks(bytes, size)))).toEqual(whole);
    }
  });
});

describe("log lines", () => {
  it("take the time off every frame and join the frames of one line under the first time", async () => {
    const lines = await all(logLines(stdout(`${T1} begin of `, `${T2} a line\n`, `${T2} next\n`), "frame"));
    expect(lines).toEqual([
      { at: T1, stream: "stdout", text: "begin of a line" },
      { at: T2, stream: "stdout", text: "next" },
    ]);
  });

  it("keep a character whole that two frames share", async () => {
    const euro = Buffer.from("€\n");
    const lines = await all(logLines(stdout(euro.subarray(0, 1), euro.subarray(1)), "none"));
    expect(lines.map((line) => line.text)).toEqual(["€"]);
  });

  it("keep the two streams apart and give an unfinished last line", async () => {
    async function* frames(): AsyncGenerator<Frame> {
      yield { stream: "stdout", data: Buffer.from("half ") };
      yield { stream: "stderr", data: Buffer.from("oops\n") };
      yield { stream: "stdout", data: Buffer.from("done\r\nlast") };
    }
    expect(await all(logLines(frames(), "none"))).toEqual([
      { at: "", stream: "stderr", text: "oops" },
      { at: "", stream: "stdout", text: "half done" },
      { at: "", stream: "stdout", text: "last" },
    ]);
  });

  it("find the times of a terminal at the start of its lines, wherever chunks are cut", async () => {
    const lines = await all(logLines(stdout(`${T1.slice(0, 9)}`, `${T1.slice(9)} one\r\n${T2} two\r\n`), "line"));
    expect(lines).toEqual([
      { at: T1, stream: "stdout", text: "one" },
      { at: T2, stream: "stdout", text: "two" },
    ]);
  });

  it("cut a line that never ends", async () => {
    const lines = await all(logLines(stdout("x".repeat(200_000), "y".repeat(200_000), "z\n"), "none"));
    expect(lines.map((line) => line.text.length)).toEqual([400_000, 1]);
  });
});
