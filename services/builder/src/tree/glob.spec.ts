import { globToRegExp } from "./glob.ts";

const matches = (pattern: string, path: string, doubleStar = false): boolean | undefined =>
  globToRegExp(pattern, { doubleStar })?.test(path);

describe("Go globs", () => {
  it.each([
    ["*.md", "README.md", true],
    ["*.md", "docs/README.md", false],
    ["docs/*", "docs/a", true],
    ["docs/*", "docs/a/b", false],
    ["*", ".hidden", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["[a-c]x", "bx", true],
    ["[^a-c]x", "bx", false],
    ["[^a-c]x", "zx", true],
    ["[^a]x", "/x", false],
    ["a.b", "axb", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["(x)+", "(x)+", true],
  ])("%s on %s is %s", (pattern, path, expected) => {
    expect(matches(pattern, path)).toBe(expected);
  });

  it("spans folders with two stars where that is allowed", () => {
    expect(matches("**/node_modules", "node_modules", true)).toBe(true);
    expect(matches("**/node_modules", "a/b/node_modules", true)).toBe(true);
    expect(matches("a/**", "a/b/c", true)).toBe(true);
    expect(matches("a/**/c", "a/c", true)).toBe(true);
    expect(matches("a/**", "b/c", true)).toBe(false);
  });

  it("refuses a malformed pattern", () => {
    expect(globToRegExp("[a")).toBeUndefined();
    expect(globToRegExp("a\\")).toBeUndefined();
  });
});
