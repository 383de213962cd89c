import { parseObjectNames } from "./object-names.ts";

describe("naming objects", () => {
  it.each([
    [["pods"], [{ kind: "pods" }]],
    [["pods,svc"], [{ kind: "pods" }, { kind: "svc" }]],
    [
      ["pod", "a", "b"],
      [
        { kind: "pod", name: "a" },
        { kind: "pod", name: "b" },
      ],
    ],
    [
      ["pod/a", "rc/b"],
      [
        { kind: "pod", name: "a" },
        { kind: "rc", name: "b" },
      ],
    ],
    [
      ["rc,svc", "web"],
      [
        { kind: "rc", name: "web" },
        { kind: "svc", name: "web" },
      ],
    ],
    [[], []],
  ])("%j means %j", (args, names) => expect(parseObjectNames(args)).toEqual(names));

  it("spells out what `all` stands for", () => {
    const kinds = parseObjectNames(["all"]).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["pods", "services", "routes", "imagestreams"]));
    expect(parseObjectNames(["nodes,all"])).toHaveLength(kinds.length + 1);
    expect(() => parseObjectNames(["all", "web"])).toThrow("takes no names");
  });

  it.each([[["pod/"]], [["/a"]], [["a/b/c"]], [["pod/a", "b"]]])("%j is no way to name them", (args) => {
    expect(() => parseObjectNames(args)).toThrow("is not kind/name");
  });
});
