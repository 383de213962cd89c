import { s2iIgnoreFilter } from "./s2i-ignore.ts";

const verdicts = (text: string, ...paths: string[]) => paths.map((path) => s2iIgnoreFilter(text)(path, false));

describe(".s2iignore", () => {
  it("leaves out what its globs name, at that place only", () => {
    expect(verdicts("*.md\nnode_modules\n", "README.md", "docs/README.md", "node_modules", "src/node_modules")).toEqual(
      ["prune", "keep", "prune", "keep"],
    );
  });

  it("takes back in with !, the last fitting line deciding", () => {
    expect(verdicts("*.md\n!README.md", "README.md", "TODO.md")).toEqual(["keep", "prune"]);
    expect(verdicts("!README.md\n*.md", "README.md")).toEqual(["prune"]);
  });

  it("skips comments, empty and malformed lines", () => {
    expect(verdicts("# *.md\n\n[a\n", "a.md", "[a")).toEqual(["keep", "keep"]);
  });

  it("never uploads git's own folder, also of submodules", () => {
    expect(verdicts("", ".git", "lib/.git", ".github", ".gitignore")).toEqual(["prune", "prune", "keep", "keep"]);
  });
});
