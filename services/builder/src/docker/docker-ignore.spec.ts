import { dockerIgnoreFilter } from "./docker-ignore.ts";

const ask = (text: string, path: string, isFolder = false) => dockerIgnoreFilter(text)(path, isFolder);

describe(".dockerignore", () => {
  it("is anchored at the root and takes what lies below", () => {
    expect(ask("node_modules", "node_modules", true)).toBe("prune");
    expect(ask("node_modules", "node_modules/a/b")).toBe("prune");
    expect(ask("node_modules", "app/node_modules")).toBe("keep");
    expect(ask("/build/", "build", true)).toBe("prune");
  });

  it("spans folders with **", () => {
    expect(ask("**/*.log", "a/b/c.log")).toBe("prune");
    expect(ask("**/*.log", "c.log")).toBe("prune");
  });

  it("takes back in, also below a folder that is left out", () => {
    const text = "docs\n!docs/keep.md";
    expect(ask(text, "docs", true)).toBe("skip");
    expect(ask(text, "docs/keep.md")).toBe("keep");
    expect(ask(text, "docs/other.md")).toBe("prune");
  });

  it("lets the last fitting rule decide", () => {
    expect(ask("*.md\n!README.md\nREADME.md", "README.md")).toBe("prune");
  });

  it("skips comments and the root itself", () => {
    expect(ask("# *\n.\n", "a")).toBe("keep");
  });
});
