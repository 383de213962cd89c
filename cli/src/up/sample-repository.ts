import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../host/run-command.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");

/** Author and date are fixed, so that the same files are the same commit everywhere. */
const IDENTITY = {
  GIT_AUTHOR_NAME: "Slipway",
  GIT_AUTHOR_EMAIL: "examples@slipway.invalid",
  GIT_COMMITTER_NAME: "Slipway",
  GIT_COMMITTER_EMAIL: "examples@slipway.invalid",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/**
 * Puts an example into a bare git repository of its own, with the branch `main`, and answers the repository's URL. An
 * existing one is kept: people push to it.
 */
export const ensureSampleRepository = async (folder: string, example: string): Promise<string> => {
  const bare = join(folder, `${example}.git`);
  if (existsSync(join(bare, "HEAD"))) return `file://${bare}`;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), "slipway-sample-"));
  const env = { ...process.env, ...IDENTITY };
  const git = (...args: string[]) => runCommand("git", args, { cwd: work, env });
  try {
    await cp(join(EXAMPLES, example), work, {
      recursive: true,
      filter: (source) => !source.split("/").includes("node_modules"),
    });
    await git("init", "--quiet", "--initial-branch=main");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", `The example ${example}`);
    await git("clone", "--quiet", "--bare", work, `${bare}.part`);
    await runCommand("mv", [`${bare}.part`, bare]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return `file://${bare}`;
};
