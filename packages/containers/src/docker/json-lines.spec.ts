import { jsonLines } from "./json-lines.ts";

describe("jsonLines", () => {
  it("reads values over any cut, in a character too, and a last one without its newline", async () => {
    const bytes = Buffer.from('{"a":"€"}\r\n\n{"b":2}\n{"c":3}');
    for (let size = 1; size <= bytes.length; size++) {
      const values: unknown[] = [];
      for await (const value of jsonLines(cut(bytes, size))) values.push(value);
      expect(values).toEqual([{ a: "€" }, { b: 2 }, { c: 3 }]);
    }
  });

  it("drops a last value that is cut off", async () => {
    const values: unknown[] = [];
    for await (const value of jsonLines(cut(Buffer.from('{"a":1}\n{"b":'), 4))) values.push(value);
    expect(values).toEqual([{ a: 1 }]);
  });
});

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
