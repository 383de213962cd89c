import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BuildFailure } from "../build/build-failure.ts";
import { fetchGit } from "./fetch-git.ts";
import { gitEnvironment } from "./git-environment.ts";
import { parseGitUrl } from "./git-url.ts";
import { readRevision, revisionLines } from "./revision.ts";

describe("fetching from git", () => {
  let top: string;
  let env: Record<string, string>;
  let folders = 0;
  const repo = () => join(top, "app.git");
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync(
      "git",
      ["-c", "user.name=Jo", "-c", "user.email=jo@example.com", "-c", "protocol.file.allow=always", ...args],
      {
        cwd,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...env, GIT_ALLOW_PROTOCOL: "file" },
      },
    ).trim();
  const commit = (cwd: string, text: string): string => {
    writeFileSync(join(cwd, "file"), text);
    git(cwd, "add", "-A");
    git(cwd, "commit", "-q", "-m", `Write ${text}\n\nMore.`);
    return git(cwd, "rev-parse", "HEAD");
  };
  const commits: Record<string, string> = {};

  beforeAll(async () => {
    top = mkdtempSync(join(tmpdir(), "fetch-git-"));
    env = await gitEnvironment({
      home: join(top, "home"),
      knownHosts: join(top, "known"),
      allowed: ["https", "http", "ssh", "file"],
      buildEnv: {},
    });
    const work = join(top, "work");
    mkdirSync(work);
    git(work, "init", "-q", "-b", "main");
    commits.one = commit(work, "one");
    git(work, "tag", "-a", "v1", "-m", "first");
    commits.two = commit(work, "two");
    commits.three = commit(work, "three");
    git(work, "checkout", "-q", "-b", "side");
    commits.side = commit(work, "side");
    git(work, "tag", "both", commits.one);
    git(work, "branch", "both", commits.two);
    git(work, "update-ref", "refs/pull/1/head", commits.two);
    git(work, "checkout", "-q", "main");
    git(top, "clone", "-q", "--mirror", work, "app.git");
  });
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  const fetch = async (ref: string, uri = `file://${repo()}`, signal = new AbortController().signal) => {
    const folder = join(top, `checkout-${folders++}`);
    const lines: string[] = [];
    await fetchGit({ source: parseGitUrl(uri), ref, folder, env, onLine: (line) => lines.push(line), signal });
    const depth = Number(git(folder, "rev-list", "--count", "HEAD"));
    return {
      folder,
      lines,
      depth,
      commit: git(folder, "rev-parse", "HEAD"),
      text: readFileSync(join(folder, "file"), "utf8"),
    };
  };
  const failure = async (ref: string, uri?: string): Promise<BuildFailure> => {
    const error = await fetch(ref, uri).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(BuildFailure);
    return error as BuildFailure;
  };

  it.each([
    ["the default branch", "", "three"],
    ["a branch", "side", "side"],
    ["an annotated tag", "v1", "one"],
    ["a full ref", "refs/heads/side", "side"],
    ["another ref", "refs/pull/1/head", "two"],
    ["a ref without its first part", "pull/1/head", "two"],
    ["a branch before a tag of the same name", "both", "two"],
  ])("takes %s with one commit of history", async (_, ref, expected) => {
    const result = await fetch(ref);
    expect(result.commit).toBe(commits[expected]);
    expect(result.text).toBe(expected);
    expect(result.depth).toBe(1);
  });

  it("takes a full commit id alone", async () => {
    const result = await fetch(commits.two ?? "");
    expect(result.text).toBe("two");
    expect(result.depth).toBe(1);
  });

  it("takes a short commit id with the whole history", async () => {
    const result = await fetch((commits.two ?? "").slice(0, 9));
    expect(result.text).toBe("two");
    expect(result.depth).toBe(2);
    expect(result.lines.join()).toContain("fetching the whole history");
  });

  it("tells who made the commit, when and why", async () => {
    const { folder } = await fetch("");
    const revision = await readRevision(folder, env, new AbortController().signal);
    expect(revision).toEqual({
      commit: commits.three,
      author: "Jo <jo@example.com>",
      message: "Write three\n\nMore.",
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(revisionLines(revision)[0]).toBe(`\tCommit:\t${commits.three} (Write three)`);
  });

  it("says which ref is missing", async () => {
    expect((await failure("nope")).message).toBe(
      `The ref "nope" was not found in the repository "file://${repo()}": check spec.source.git.ref.`,
    );
    expect((await failure("0123456789012345678901234567890123456789")).message).toContain(
      "0123456789012345678901234567890123456789",
    );
  });

  it("says when there is no repository, and when it is empty", async () => {
    expect((await failure("", `file://${top}/none.git`)).message).toContain("There is no git repository at");
    git(top, "init", "-q", "--bare", "empty.git");
    expect((await failure("", `file://${top}/empty.git`)).message).toContain("is empty");
  });

  it("says when a host cannot be reached", async () => {
    expect((await failure("", "http://127.0.0.1:1/x.git")).message).toContain("cannot be reached");
    expect((await failure("", "ssh://git@127.0.0.1:1/x.git")).message).toContain("cannot be reached");
    expect((await failure("", "https://no-such-host.invalid/x.git")).message).toContain('"no-such-host.invalid"');
  });

  it("brings submodules along, also by a relative address", async () => {
    const work = join(top, "with-module");
    mkdirSync(work);
    git(work, "init", "-q", "-b", "main");
    git(work, "submodule", "--quiet", "add", `file://${repo()}`, "lib");
    git(work, "config", "-f", ".gitmodules", "submodule.lib.url", "../app.git");
    git(join(work, "lib"), "checkout", "-q", commits.two ?? "");
    commit(work, "outer");
    git(top, "clone", "-q", "--mirror", work, "outer.git");
    const result = await fetch("", `file://${join(top, "outer.git")}`);
    expect(readFileSync(join(result.folder, "lib/file"), "utf8")).toBe("two");
  });

  it("runs none of the repository's or the host's hooks and reads no setting of the host", async () => {
    const { folder } = await fetch("");
    expect(existsSync(join(folder, ".git/hooks"))).toBe(false);
    expect(env.HOME).toBe(join(top, "home"));
    expect(Object.keys(env)).not.toContain("SSH_AUTH_SOCK");
  });

  it("keeps to the allowed protocols", async () => {
    const strict = { ...env, GIT_ALLOW_PROTOCOL: "https" };
    const folder = join(top, `checkout-${folders++}`);
    const source = parseGitUrl(`file://${repo()}`);
    const fetched = fetchGit({
      source,
      ref: "",
      folder,
      env: strict,
      onLine: () => {},
      signal: new AbortController().signal,
    });
    await expect(fetched).rejects.toThrow("Repositories by file:// are switched off on this platform.");
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort(new Error("stop now"));
    await expect(fetch("", undefined, controller.signal)).rejects.toThrow("stop now");
  });
});
