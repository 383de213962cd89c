import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";
import { runCommand } from "../host/run-command.ts";

/** How an application is built, and why that was chosen. */
export interface DetectedSource {
  readonly strategy: "source" | "docker";
  readonly builder?: string;
  readonly why: string;
}

/** The builder for a set of files; undefined when nothing is recognised. */
export const detectFromFiles = (files: readonly string[]): DetectedSource | undefined => {
  const has = (name: string) => files.includes(name);
  if (has("Dockerfile")) return { strategy: "docker", why: "it has a Dockerfile" };
  if (has("package.json"))
    return { strategy: "source", builder: "slipway/nodejs:latest", why: "it has a package.json: Node.js" };
  if (
    ["requirements.txt", "setup.py", "pyproject.toml", "Pipfile"].some(has) ||
    files.some((name) => name.endsWith(".py"))
  ) {
    return { strategy: "source", builder: "slipway/python:latest", why: "it has Python files" };
  }
  if (has("index.html"))
    return { strategy: "source", builder: "slipway/static:latest", why: "it has an index.html: a static site" };
  return undefined;
};

const CLONE_TIMEOUT_MS = 120_000;

/** Looks at the files of a repository in a shallow clone that is thrown away. */
export const detectSource = async (
  uri: string,
  ref: string | undefined,
  contextDir: string,
  signal: AbortSignal,
): Promise<DetectedSource> => {
  if (uri.startsWith("-") || ref?.startsWith("-"))
    throw new SlipwayError("Invalid", "A repository or ref does not begin with a dash.");
  const folder = await mkdtemp(join(tmpdir(), "slipway-detect-"));
  try {
    const branch = ref ? ["--branch", ref] : [];
    await runCommand("git", ["clone", "--quiet", "--depth=1", ...branch, "--", uri, folder], {
      env: { GIT_TERMINAL_PROMPT: "0" },
      timeoutMs: CLONE_TIMEOUT_MS,
      signal,
    }).catch((cause: unknown) => {
      throw new SlipwayError(
        "Invalid",
        `The repository ${uri} could not be read: ${cause instanceof Error ? cause.message : cause}`,
        { cause },
      );
    });
    const files = await readdir(join(folder, contextDir)).catch(() => {
      throw new SlipwayError("Invalid", `The repository has no folder "${contextDir}": correct --context-dir.`);
    });
    const detected = detectFromFiles(files);
    if (detected !== undefined) return detected;
    throw new SlipwayError(
      "Invalid",
      `Nothing in ${uri} says how to build it: name a builder with --builder, or add a Dockerfile.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
