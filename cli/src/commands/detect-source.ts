import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { runCommand } from "../host/run-command.ts";

/** How an application is built, and why that was chosen. */
export interface DetectedSource {
  readonly strategy: "source" | "docker";
  readonly builder?: string;
  readonly why: string;
}

/** The builder for a set of files; undefined when nothing is recognised. A Dockerfile goes first, unless it is not wanted. */
export const detectFromFiles = (files: readonly string[], sourceOnly = false): DetectedSource | undefined => {
  const has = (name: string) => files.includes(name);
  const source = (builder: string, why: string): DetectedSource => ({ strategy: "source", builder, why });
  if (has("Dockerfile") && !sourceOnly) return { strategy: "docker", why: "it has a Dockerfile" };
  if (has("package.json")) return source("slipway/nodejs:latest", "it has a package.json: Node.js");
  const python = ["requirements.txt", "setup.py", "pyproject.toml", "Pipfile"].some(has);
  if (python || files.some((name) => name.endsWith(".py")))
    return source("slipway/python:latest", "it has Python files");
  if (has("index.html")) return source("slipway/static:latest", "it has an index.html: a static site");
  return undefined;
};

const CLONE_TIMEOUT_MS = 120_000;

/** Looks at the files of a repository in a shallow clone that is thrown away; `ref` is a branch, a tag or a commit. */
export const detectSource = async (
  uri: string,
  ref: string | undefined,
  contextDir: string,
  sourceOnly: boolean,
  signal: AbortSignal,
): Promise<DetectedSource | undefined> => {
  if (uri.startsWith("-") || ref?.startsWith("-"))
    throw new SlipwayError("Invalid", "A repository or ref does not begin with a dash.");
  const folder = await mkdtemp(join(tmpdir(), "slipway-detect-"));
  const said: string[] = [];
  const git = (...args: string[]) =>
    runCommand("git", ["-C", folder, ...args], {
      env: { GIT_TERMINAL_PROMPT: "0", GIT_SSH_COMMAND: "ssh -oBatchMode=yes", LC_ALL: "C" },
      onLine: (line) => said.push(line),
      timeoutMs: CLONE_TIMEOUT_MS,
      signal,
    });
  const fetch = (wanted: string) => git("fetch", "--quiet", "--depth=1", "--", uri, wanted);
  try {
    await git("init", "--quiet", "--bare");
    await fetch(ref ?? "HEAD")
      // A shortened commit cannot be asked for by itself; which builder it needs, its successors tell as well.
      .catch((cause: unknown) => (/^[0-9a-f]{4,40}$/.test(ref ?? "") ? fetch("HEAD") : Promise.reject(cause)))
      .catch((cause: unknown) => {
        signal.throwIfAborted();
        if (isSlipwayError(cause, "MissingProgram")) throw cause;
        throw unreadable(uri, ref, said, cause);
      });
    const files = await git("ls-tree", "--name-only", `FETCH_HEAD:${contextDir.replace(/^(\.?\/)+|^\.$/, "")}`).catch(
      () => {
        throw new SlipwayError("Invalid", `The repository has no folder "${contextDir}": correct --context-dir.`);
      },
    );
    return detectFromFiles(files.split("\n"), sourceOnly);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** In git's own words, the first of those that matter. */
const unreadable = (uri: string, ref: string | undefined, said: readonly string[], cause: unknown): SlipwayError => {
  const line = said.find((each) => /^(fatal|error):/.test(each)) ?? said.at(-1) ?? "no reason given";
  const why = line.replace(/^(fatal|error): /, "").replace(/\.$/, "");
  const which = ref ? `${uri} at ${ref}` : uri;
  return new SlipwayError("Invalid", `The repository ${which} could not be read: ${why}.`, { cause });
};
