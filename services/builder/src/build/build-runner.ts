import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logs } from "@slipway/bus";
import type { ContainerEngine } from "@slipway/containers";
import type { EventLog } from "@slipway/eventlog";
import { asSlipwayError, type Clock, delay, type Timer } from "@slipway/kernel";
import type { BuildJson } from "@slipway/proto";
import type { Logger } from "@slipway/runtime";
import type { ImageStreamLookup } from "../image/resolve-image.ts";
import { type AbortCause, BuildAborted } from "./build-aborted.ts";
import { asBuildFailure, BuildFailure } from "./build-failure.ts";
import { type BuildJournal, createBuildJournal } from "./build-journal.ts";
import { type BuildLog, createBuildLog } from "./build-log.ts";
import type { BuildSettings } from "./build-settings.ts";
import { createMask, secretsOfUrl } from "./mask.ts";
import { type BuildResult, runBuild } from "./run-build.ts";

/** Which build is to be run. */
interface BuildJob {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  readonly build: BuildJson;
}

/** How a run ended, for logs and metrics. */
type BuildOutcome = "complete" | "failed" | "cancelled" | "not-taken" | "abandoned";

export interface BuildRunnerOptions {
  readonly log: EventLog;
  readonly logs: Pick<Logs, "publish">;
  readonly engine: ContainerEngine;
  readonly streams: ImageStreamLookup;
  readonly settings: BuildSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `<builder>/<session>`. */
  readonly builder: string;
  /** Resolves when the read model has seen everything that the log holds by now. */
  readonly caughtUp: () => Promise<void>;
  readonly onEnd: (job: BuildJob, outcome: BuildOutcome, durationMs: number, reason: string | undefined) => void;
  /** A place has become free. */
  readonly onFree: () => void;
}

/** Before a build is looked at again that could not be taken or was left. */
const RETRY_MS = 1_000;

/** The builds that this process runs. */
export interface BuildRunner {
  /** Uids of builds from the moment they are taken until the read model knows their end. */
  running(): ReadonlySet<string>;
  start(job: BuildJob): void;
  stop(uid: string, why: AbortCause): void;
  /** Stops all, leaving each to be taken again, and waits until their containers are gone. */
  close(): Promise<void>;
}

/** Runs builds side by side, each to exactly one end in the log. */
export const createBuildRunner = (options: BuildRunnerOptions): BuildRunner => {
  const runs = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  const lifetime = new AbortController();

  const run = async (job: BuildJob, abort: AbortController): Promise<void> => {
    const startMs = options.clock.now();
    const logger = options.logger.child({ project: job.project, build: job.name });
    let outcome: BuildOutcome = "abandoned";
    let reason: string | undefined;
    try {
      ({ outcome, reason } = await runOne(options, job, abort, lifetime.signal, logger));
    } catch (error) {
      if (!lifetime.signal.aborted) logger.error({ error: asSlipwayError(error) }, "build left without an end");
    }
    options.onEnd(job, outcome, options.clock.now() - startMs, reason);
    await options.caughtUp().catch(() => {});
    // What could not be begun or ended looks the same to the plan as before: it is not tried again at once.
    const isSettled = outcome === "complete" || outcome === "failed" || outcome === "cancelled";
    if (!isSettled) await delay(RETRY_MS, lifetime.signal, options.clock).catch(() => {});
    runs.delete(job.uid);
    options.onFree();
  };

  return {
    running: () => new Set(runs.keys()),
    start: (job) => {
      if (runs.has(job.uid) || lifetime.signal.aborted) return;
      const abort = new AbortController();
      runs.set(job.uid, { abort, done: Promise.resolve().then(() => run(job, abort)) });
    },
    stop: (uid, why) => runs.get(uid)?.abort.abort(new BuildAborted(why)),
    close: async () => {
      lifetime.abort(new BuildAborted("stopping"));
      for (const { abort } of runs.values()) abort.abort(new BuildAborted("stopping"));
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
};

interface Ended {
  readonly outcome: BuildOutcome;
  readonly reason?: string;
}

const runOne = async (
  options: BuildRunnerOptions,
  job: BuildJob,
  abort: AbortController,
  lifetime: AbortSignal,
  logger: Logger,
): Promise<Ended> => {
  const { clock, settings } = options;
  const journal = createBuildJournal({ ...job, log: options.log, clock, builder: options.builder });
  const taken = await journal.take(lifetime);
  if (taken.taken === false) return { outcome: "not-taken" };
  if (taken.taken === "too-often") {
    const message = "The builder was restarted twice while it ran this build: start the build again.";
    await journal.fail("BuildPodDeleted", message, "", lifetime);
    return { outcome: "failed", reason: "BuildPodDeleted" };
  }
  logger.info({ again: !taken.first }, "build taken");
  const log = buildLogOf(options, job);
  if (!taken.first) log.line("The builder was restarted: the build begins again.", "stderr");
  const deadline = armDeadline(clock, job.build, taken.startedMs, abort);
  const workDir = join(settings.stateDir, "builds", job.uid);
  try {
    const result = await inWorkDir(workDir, () =>
      runBuild({
        ...job,
        workDir,
        settings,
        engine: options.engine,
        streams: options.streams,
        clock,
        log,
        signal: abort.signal,
        stage: (stage) => journal.stage(stage, abort.signal),
        sourceFetched: (revision) => journal.sourceFetched(revision, abort.signal),
      }),
    );
    await log.close();
    return await succeed(journal, result, log, lifetime);
  } catch (error) {
    return await endBadly(journal, log, error, abort.signal, job.build, lifetime, logger);
  } finally {
    deadline?.cancel();
    await log.close();
  }
};

const succeed = async (
  journal: BuildJournal,
  result: BuildResult,
  log: BuildLog,
  lifetime: AbortSignal,
): Promise<Ended> => {
  try {
    await journal.succeed(result, lifetime);
    return { outcome: "complete" };
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    await journal.fail(error.reason, error.message, log.snippet(), lifetime);
    return { outcome: "failed", reason: error.reason };
  }
};

const endBadly = async (
  journal: BuildJournal,
  log: BuildLog,
  error: unknown,
  signal: AbortSignal,
  build: BuildJson,
  lifetime: AbortSignal,
  logger: Logger,
): Promise<Ended> => {
  const aborted: unknown = signal.reason;
  const why = aborted instanceof BuildAborted ? aborted.why : undefined;
  if (why === "stopping" || why === "deleted") return { outcome: "abandoned" };
  if (why === "cancelled") {
    log.line("The build was cancelled.", "stderr");
    await log.close();
    await journal.cancelled(log.snippet(), lifetime);
    return { outcome: "cancelled" };
  }
  const failure = why === "deadline" ? deadlinePassed(build) : asBuildFailure(error, "GenericBuildFailed");
  if (failure.reason === "GenericBuildFailed") logger.warn({ error }, "build failed for a reason without a name");
  log.line(`error: build error: ${failure.message}`, "stderr");
  await log.close();
  await journal.fail(failure.reason, createMask(secretsOf(build))(failure.message), log.snippet(), lifetime);
  return { outcome: "failed", reason: failure.reason };
};

const deadlinePassed = (build: BuildJson): BuildFailure =>
  new BuildFailure(
    "DeadlineExceeded",
    `The build did not end within its limit of ${build.spec?.completionDeadlineSeconds} seconds (spec.completionDeadlineSeconds).`,
  );

const armDeadline = (clock: Clock, build: BuildJson, startedMs: number, abort: AbortController): Timer | undefined => {
  const limitSeconds = build.spec?.completionDeadlineSeconds;
  if (limitSeconds === undefined) return undefined;
  const leftMs = startedMs + limitSeconds * 1_000 - clock.now();
  return clock.schedule(leftMs, () => abort.abort(new BuildAborted("deadline")));
};

const secretsOf = (build: BuildJson): string[] => secretsOfUrl(build.spec?.source?.git?.uri ?? "");

const buildLogOf = ({ logs, clock, settings }: BuildRunnerOptions, { project, name, build }: BuildJob): BuildLog => {
  const key = { project, kind: "build", name, container: "build", run: "1" };
  const proxies = Object.values(settings.buildEnv).flatMap(secretsOfUrl);
  const mask = createMask([...secretsOf(build), ...proxies, settings.registry.password]);
  return createBuildLog({ publish: (lines) => logs.publish(key, lines), clock, mask });
};

const inWorkDir = async <T>(workDir: string, task: () => Promise<T>): Promise<T> => {
  await rm(workDir, { recursive: true, force: true });
  try {
    await mkdir(workDir, { recursive: true, mode: 0o700 });
    return await task();
  } finally {
    await rm(workDir, { recursive: true, force: true, maxRetries: 3 });
  }
};
