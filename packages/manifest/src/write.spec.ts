import { readFile } from "./read-file.ts";
import { toJson, toYaml } from "./write.ts";

describe("writing objects", () => {
  it("quotes every text that could pass for something else", () => {
    const data = {
      a: "yes",
      b: "0644",
      c: "1e3",
      d: "null",
      e: "on",
      f: "",
      g: "1.5",
      h: "a: b",
      i: "0x1f",
      j: "~",
      k: "<<",
    };
    expect(readFile(toYaml(data)).documents[0]?.value).toEqual(data);
    expect(toYaml({ a: "yes", count: 1 })).toBe('a: "yes"\ncount: 1\n');
  });

  it("keeps long lines, line ends and repeated parts as they are", () => {
    const shared = { x: 1 };
    const data = { long: "word ".repeat(100), lines: "a\n  b\n\nc\n", one: shared, two: shared };
    expect(toYaml(data)).not.toContain("&");
    expect(readFile(toYaml(data)).documents[0]?.value).toEqual(data);
  });

  it("writes several objects as one List", () => {
    expect(toYaml([{ kind: "Pod" }])).toBe("apiVersion: v1\nkind: List\nitems:\n  - kind: Pod\n");
    expect(JSON.parse(toJson([{ kind: "Pod" }]))).toEqual({ apiVersion: "v1", kind: "List", items: [{ kind: "Pod" }] });
    expect(toJson({ kind: "Pod" })).toBe('{\n    "kind": "Pod"\n}\n');
  });
});
