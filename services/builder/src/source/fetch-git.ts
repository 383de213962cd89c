import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { maskUrls } from "../build/mask.ts";
import { gitFailure, missingRef, saysMissingRef, saysNoShallow } from "./git-failure.ts";
import { checkGitRef, type GitUrl } from "./git-url.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

interface FetchGitOptions {
  readonly source: GitUrl;
  /** Branch, tag, other ref or commit id; the default branch when empty. */
  readonly ref: string;
  /** Made by the call; holds the checked-out tree afterwards. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

const COMMIT_ID = /^[0-9a-f]{7,64}$/;
const FULL_COMMIT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const EVERYTHING = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];

/**
 * Fetches as little history as will do and checks it out: one commit for a branch, a tag, another ref or a full
 * commit id; everything only for a short commit id, or where the server cannot do less. Submodules come along.
 */
export const fetchGit = async (options: FetchGitOptions): Promise<void> => {
  const { source, folder, signal, onLine } = options;
  const url = maskUrls(source.url);
  const ref = options.ref === "" ? "" : checkGitRef(options.ref);
  const run = (args: readonly string[], quiet = false): Promise<CommandResult> =>
    runCommand("git", args, { cwd: folder, env: options.env, signal, ...(quiet ? {} : { onLine }) });
  const must = async (args: readonly string[]): Promise<CommandResult> => {
    const result = await run(args, true);
    if (result.exitCode !== 0) throw gitFailure(result.output, url);
    return result;
  };
  let shallow = true;
  const fetch = async (...specs: readonly string[]): Promise<CommandResult> => {
    const args = (depth: readonly string[]) => ["fetch", "--quiet", "--no-tags", ...depth, "--", "origin", ...specs];
    let result = await run(args(shallow ? ["--depth=1"] : []), true);
    if (shallow && saysNoShallow(result.output)) {
      shallow = false;
      result = await run(args([]), true);
    }
    return result;
  };

  await mkdir(folder, { recursive: true });
  await must(["init", "--quiet", "--template="]);
  await must(["remote", "add", "origin", source.url]);

  let found = "";
  for (const candidate of candidates(ref)) {
    const result = await fetch(candidate);
    if (result.exitCode === 0) {
      found = "FETCH_HEAD";
      break;
    }
    if (!saysMissingRef(result.output)) throw gitFailure(result.output, url);
  }
  if (found === "" && COMMIT_ID.test(ref)) {
    onLine(`Commit ${ref} cannot be fetched alone; fetching the whole history ...`);
    shallow = false;
    const result = await fetch(...EVERYTHING);
    if (result.exitCode !== 0) throw gitFailure(result.output, url);
    const parsed = await run(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], true);
    if (parsed.exitCode === 0) found = parsed.stdout.trim();
  }
  if (found === "") throw missingRef(ref, url);
  const checkout = await run(["-c", "advice.detachedHead=false", "checkout", "--quiet", "--detach", found]);
  if (checkout.exitCode !== 0) throw gitFailure(checkout.output, url);
  await fetchSubmodules(options, url);
};

/** What to ask the server for, in the order of `git clone --branch`: a branch before a tag of the same name. */
const candidates = (ref: string): string[] => {
  if (ref === "") return ["HEAD"];
  if (ref.startsWith("refs/")) return [ref];
  if (FULL_COMMIT_ID.test(ref)) return [ref];
  return [`refs/heads/${ref}`, `refs/tags/${ref}`, `refs/${ref}`];
};

const fetchSubmodules = async (
  { source, folder, env, onLine, signal }: FetchGitOptions,
  url: string,
): Promise<void> => {
  const present = await access(join(folder, ".gitmodules")).then(
    () => true,
    () => false,
  );
  if (!present) return;
  // A repository from the network must not reach into this host by naming a file as its submodule.
  const allowed = (env.GIT_ALLOW_PROTOCOL ?? "").split(":");
  const protocols = source.protocol === "file" ? allowed : allowed.filter((protocol) => protocol !== "file");
  const update = (depth: readonly string[]) =>
    runCommand("git", ["submodule", "--quiet", "update", "--init", "--recursive", "--jobs=4", ...depth], {
      cwd: folder,
      env: { ...env, GIT_ALLOW_PROTOCOL: protocols.join(":") },
      signal,
    });
  onLine("Fetching submodules ...");
  const shallow = await update(["--depth=1"]);
  if (shallow.exitCode === 0) return;
  // The commit that is pinned need not be the tip of a branch.
  await rm(join(folder, ".git", "modules"), { recursive: true, force: true });
  const whole = await update([]);
  if (whole.exitCode !== 0) {
    const failure = gitFailure(whole.output, url);
    onLine(whole.output.trim());
    throw failure;
  }
};
