import { readFile } from "./read-file.ts";

const values = (text: string): unknown[] => readFile(text).documents.map(({ value }) => value);
const failures = (text: string): string[] =>
  readFile(text).failures.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("reading a file", () => {
  it("splits documents, skips empty ones and numbers the rest by their place", () => {
    const { documents } = readFile("---\n# nothing\n---\na: 1\n---\n---\nb: 2\n...\n");
    expect(documents.map(({ document, value, line }) => ({ document, value, line }))).toEqual([
      { document: 2, value: { a: 1 }, line: 4 },
      { document: 4, value: { b: 2 }, line: 7 },
    ]);
    expect(values("")).toEqual([]);
    expect(values("# only a comment\n")).toEqual([]);
  });

  it("takes a byte order mark and the line ends of Windows", () => {
    expect(values("\uFEFFa: 1\r\nb:\r\n- c\r\n---\r\nd: 2\r\n")).toEqual([{ a: 1, b: ["c"] }, { d: 2 }]);
    expect(values('\uFEFF{"a": 1}\r\n')).toEqual([{ a: 1 }]);
  });

  it("reads scalars as Go's YAML does", () => {
    expect(
      values(
        "a: yes\nb: off\nc: 0644\nd: 1_000\ne: 22:22\nf: 2001-01-01\ng: .\nh: e12\ni: 1e3\nj: .5\nk: ~\nl: 0x1f\nm: 12e4567\n",
      ),
    ).toEqual([
      {
        a: true,
        b: false,
        c: 420,
        d: 1000,
        e: "22:22",
        f: "2001-01-01",
        g: ".",
        h: "e12",
        i: 1000,
        j: 0.5,
        k: null,
        l: 31,
        m: Number.POSITIVE_INFINITY,
      },
    ]);
  });

  it("follows anchors, aliases and merges", () => {
    expect(values("base: &base {a: 1}\nother: {<<: *base, b: 2}\nsame: *base\n")).toEqual([
      { base: { a: 1 }, other: { a: 1, b: 2 }, same: { a: 1 } },
    ]);
  });

  it("refuses a bomb of aliases", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
    }
    expect(failures(lines.join("\n"))).toEqual([expect.stringContaining("Excessive alias count")]);
  });

  it("refuses what is nested thousands of levels deep", () => {
    expect(failures(`a: ${"[".repeat(50_000)}`)).toHaveLength(1);
    expect(failures("- ".repeat(50_000))).toHaveLength(1);
  });

  it("tells line and column of broken YAML, and reads the other documents", () => {
    const text = "a: 1\n---\nb:\n\t- tab\n---\nc: [1\n---\nd: 4\n";
    expect(values(text)).toEqual([{ a: 1 }, { d: 4 }]);
    expect(failures(text)).toEqual([expect.stringMatching(/^4:1 /), expect.stringMatching(/^[67]:\d+ /)]);
  });

  it("refuses a key that stands twice, with its line", () => {
    expect(failures("a: 1\nb: 2\na: 3\n")).toEqual([expect.stringMatching(/^3:1 .*unique/)]);
    expect(failures('{\n  "a": {"x": 1},\n  "b": {"x": 1},\n  "a": 2\n}')).toEqual([
      '4:3 Map keys must be unique; "a" is already there',
    ]);
    expect(values('{"a": [{"x": 1}, {"x": "x\\", x"}], "x": 1}')).toHaveLength(1);
  });

  it("finds a double key among tens of thousands without comparing each with each", () => {
    const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`);
    expect(failures([...keys, "k7: 2"].join("\n"))).toEqual(['50001:1 Map keys must be unique; "k7" is already there']);
  });

  it("refuses a YAML document of more than a mebibyte, and reads the others", () => {
    expect(failures(`a: ${"x".repeat(1024 * 1024)}\n---\nb: 1\n`)).toEqual([expect.stringMatching(/^1:1 .*1 MiB/)]);
    expect(values(`a: ${"x".repeat(1024 * 1024)}\n---\nb: 1\n`)).toEqual([{ b: 1 }]);
  });

  it("reads JSON objects that stand one after the other", () => {
    const text = '{\n "a": 1\n}\n{\n "b": "}{"\n}\n';
    expect(readFile(text).documents.map(({ document, value, line }) => [document, value, line])).toEqual([
      [1, { a: 1 }, 1],
      [2, { b: "}{" }, 4],
    ]);
  });

  it("tells the line of broken JSON, also in the second object", () => {
    expect(failures('{\n  "a": 1,\n  "b": [1, 2\n')).toEqual([expect.stringMatching(/^[34]:\d+ /)]);
    expect(failures('{"a": 1}\n{\n  "b": 1 "c": 2\n}\n')).toEqual([expect.stringMatching(/^3:\d+ /)]);
  });

  it("reads YAML that begins with a brace", () => {
    expect(values("{a: b, c: [d]}\n")).toEqual([{ a: "b", c: ["d"] }]);
    expect(values('{"a": 1}\n---\nb: 2\n')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it("takes quoted text whose lines are not indented, as Go does", () => {
    const text = 'metadata:\n  note: \'[\n    {"a": "it\'\'s"}\n  ]\'\n  other: "x\n\n  y"\nspec: {}\n';
    expect(values(text)).toEqual([{ metadata: { note: '[ {"a": "it\'s"} ]', other: "x\ny" }, spec: {} }]);
    expect(failures("metadata:\n  note: 'never closed\n  other: 1\n")).toEqual([
      expect.stringContaining("Missing closing"),
    ]);
  });

  it("keeps a prototype out of reach", () => {
    const [yaml] = values("__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n");
    expect(Object.hasOwn(yaml as object, "__proto__")).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
