import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, linkedSignal } from "@slipway/kernel";
import { asBuildFailure, BuildFailure } from "../build/build-failure.ts";
import type { BuildRun, FetchedSource } from "../build/build-run.ts";
import { maskUrls } from "../build/mask.ts";
import { folderBytes } from "../tree/folder-size.ts";
import { resolveContextDir } from "./context-dir.ts";
import { fetchGit } from "./fetch-git.ts";
import { gitEnvironment } from "./git-environment.ts";
import { type GitProtocol, parseGitUrl } from "./git-url.ts";
import { readRevision, revisionLines } from "./revision.ts";

/** How often the growing source is weighed. */
const WEIGH_MS = 2_000;

/** Brings the source of a build into its work folder; without git that is an empty folder. */
export const fetchSource = async (run: BuildRun): Promise<FetchedSource> => {
  const { source = {} } = run.build.spec ?? {};
  const root = join(run.workDir, "source");
  await mkdir(root, { recursive: true });
  if (source.git === undefined) return { folder: await resolveContextDir(root, source.contextDir ?? "") };

  const url = parseGitUrl(source.git.uri ?? "");
  const { settings } = run;
  const allowed: GitProtocol[] = ["https", "http", "ssh", "git"];
  if (settings.allowFileSources) allowed.push("file");
  const env = await gitEnvironment({
    home: join(run.workDir, "home"),
    knownHosts: join(settings.stateDir, "known_hosts"),
    allowed,
    buildEnv: settings.buildEnv,
    ...(settings.path !== undefined && { path: settings.path }),
    ...(settings.sshKey !== undefined && { sshKey: settings.sshKey }),
    ...(settings.caBundle !== undefined && { caBundle: settings.caBundle }),
  });
  run.log.line(`Cloning "${maskUrls(source.git.uri ?? "")}" ...`);
  const limits = limitFetch(run, root);
  try {
    // A commit that was named when the build was asked for wins over what the ref means by now.
    const ref = run.build.spec?.revision?.git?.commit || source.git.ref || "";
    const onLine = (line: string) => run.log.line(line);
    await fetchGit({ source: url, ref, folder: root, env, onLine, signal: limits.signal });
    await limits.weigh();
    limits.signal.throwIfAborted();
    const revision = await readRevision(root, env, limits.signal);
    for (const line of revisionLines(revision)) run.log.line(line);
    await run.sourceFetched(revision);
    return { folder: await resolveContextDir(root, source.contextDir ?? ""), revision };
  } catch (error) {
    run.signal.throwIfAborted();
    throw asBuildFailure(error, "FetchSourceFailed", "The source could not be fetched: ");
  } finally {
    limits.end();
  }
};

/** Aborts a fetch that takes too long or too much disk. */
const limitFetch = ({ settings, signal, clock }: BuildRun, folder: string) => {
  const limited = linkedSignal(signal);
  const timeout = clock.schedule(settings.fetchTimeoutMs, () => {
    const seconds = Math.round(settings.fetchTimeoutMs / 1_000);
    limited.abort(new BuildFailure("FetchSourceFailed", `The source could not be fetched within ${seconds} seconds.`));
  });
  const weigh = async (): Promise<void> => {
    if ((await folderBytes(folder)) <= settings.maxSourceBytes) return;
    const mebibytes = Math.round(settings.maxSourceBytes / 1_048_576);
    limited.abort(
      new BuildFailure("FetchSourceFailed", `The source is larger than the ${mebibytes} MiB that a build may fetch.`),
    );
  };
  const weigher = weighing(clock, limited.signal, weigh);
  return {
    signal: limited.signal,
    weigh,
    end: () => {
      timeout.cancel();
      weigher.cancel();
      limited.abort();
    },
  };
};

const weighing = (clock: Clock, signal: AbortSignal, weigh: () => Promise<void>) => {
  let timer = clock.schedule(WEIGH_MS, () => void again());
  const again = async (): Promise<void> => {
    await weigh();
    if (!signal.aborted) timer = clock.schedule(WEIGH_MS, () => void again());
  };
  return { cancel: () => timer.cancel() };
};
