import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { detectSource } from "./detect-source.ts";

/** With a real git and a repository of two commits: `v1` is static, the branch `main` after it is Node.js. */
describe("looking at a repository", () => {
  const { signal } = new AbortController();
  let folder: string;
  let uri: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@t", ...args], { encoding: "utf8" });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-repo-"));
    uri = `file://${folder}`;
    git("init", "--quiet", "--initial-branch=main");
    mkdirSync(join(folder, "api"));
    writeFileSync(join(folder, "index.html"), "");
    writeFileSync(join(folder, "api", "main.py"), "");
    git("add", ".");
    git("commit", "--quiet", "-m", "one");
    git("tag", "v1");
    writeFileSync(join(folder, "package.json"), "{}");
    git("add", ".");
    git("commit", "--quiet", "-m", "two");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const builder = async (ref?: string, contextDir = "") =>
    (await detectSource(uri, ref, contextDir, false, signal))?.builder;

  it("goes by the default branch, a tag, a commit and a shortened commit", async () => {
    expect(await builder()).toBe("slipway/nodejs:latest");
    expect(await builder("v1")).toBe("slipway/static:latest");
    expect(await builder(git("rev-parse", "v1").trim())).toBe("slipway/static:latest");
    expect(await builder(git("rev-parse", "--short", "v1").trim())).toBe("slipway/nodejs:latest");
  });

  it("goes by the folder within it", async () => {
    for (const contextDir of ["api", "./api", "/api/"])
      expect(await builder("main", contextDir)).toBe("slipway/python:latest");
    expect(await builder("main", ".")).toBe("slipway/nodejs:latest");
    await expect(builder("main", "absent")).rejects.toThrow('no folder "absent": correct --context-dir');
  });

  it("says in one sentence why it cannot be read", async () => {
    await expect(builder("absent")).rejects.toMatchObject({
      code: "Invalid",
      message: `The repository ${uri} at absent could not be read: couldn't find remote ref absent.`,
    });
    await expect(detectSource(`${uri}-no`, undefined, "", false, signal)).rejects.toThrow(
      /^The repository file:.*-no could not be read: .+\.$/,
    );
    await expect(detectSource("--upload-pack=x", undefined, "", false, signal)).rejects.toThrow("begin with a dash");
  });
});
