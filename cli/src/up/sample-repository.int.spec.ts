import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../host/run-command.ts";
import { ensureSampleRepository } from "./sample-repository.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sample-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the repository of an example", () => {
  it("holds the example's files in one commit, the same on every machine, and is kept", async () => {
    const url = await ensureSampleRepository(join(folder, "a"), "hello-node");
    const other = await ensureSampleRepository(join(folder, "b"), "hello-node");
    const head = async (of: string) => (await runCommand("git", ["ls-remote", of, "refs/heads/main"])).split("\t")[0];
    expect(await head(url)).toMatch(/^[0-9a-f]{40}$/);
    expect(await head(other)).toBe(await head(url));
    const files = await runCommand("git", [
      "--git-dir",
      url.replace("file://", ""),
      "ls-tree",
      "-r",
      "--name-only",
      "main",
    ]);
    expect(files.split("\n")).toEqual(expect.arrayContaining(["package.json", "server.js", "public/index.html"]));
    expect(files).not.toContain("node_modules");
    expect(await ensureSampleRepository(join(folder, "a"), "hello-node")).toBe(url);
  });
});
