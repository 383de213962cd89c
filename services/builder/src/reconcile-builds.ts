import type { ClusterState } from "@slipway/cluster";
import type { ContainerEngine } from "@slipway/containers";
import type { EventLog } from "@slipway/eventlog";
import type { Clock } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { createBuildJournal } from "./build/build-journal.ts";
import type { BuildRunner } from "./build/build-runner.ts";
import { buildFacts } from "./build-facts.ts";
import { type BuildFacts, type BuildStep, planBuilds } from "./plan/plan-builds.ts";
import { removeLeftovers } from "./remove-leftovers.ts";

export interface ReconcileBuildsOptions {
  readonly state: ClusterState;
  readonly runner: BuildRunner;
  readonly engine: ContainerEngine;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instance: string;
  readonly stateDir: string;
  /** This builder's name, the same after a restart. */
  readonly builder: string;
  /** The name with which it takes builds in this life. */
  readonly session: string;
  readonly limit: number;
}

/** Looks at all builds and does what the plan says. Throws when the engine or the log is away: then it is called again. */
export const reconcileBuilds = (options: ReconcileBuildsOptions): ((signal: AbortSignal) => Promise<void>) => {
  const { state, runner, engine, clock, logger } = options;
  let clean = false;

  const apply = async (step: BuildStep, signal: AbortSignal): Promise<void> => {
    switch (step.type) {
      case "stop":
        return runner.stop(step.uid, step.why);
      case "take":
      case "retake": {
        const { project, name, uid } = step.build;
        const entry = state.builds.get(project, name);
        if (entry !== undefined) runner.start({ project, name, uid, build: entry.state.object });
        return;
      }
      case "finish-cancelled":
        return journalOf(options, step.build).cancelled("", signal);
      case "expire": {
        const message =
          "The build did not end within its time limit (spec.completionDeadlineSeconds); its builder was away.";
        return journalOf(options, step.build).fail("DeadlineExceeded", message, "", signal);
      }
      default:
        return step satisfies never;
    }
  };

  return async (signal) => {
    const builds = buildFacts(state);
    if (!clean) {
      const removed = await removeLeftovers({ ...options, builds });
      clean = true;
      if (removed.containers > 0) logger.info(removed, "containers of an earlier life removed");
    }
    const steps = planBuilds({
      builds,
      builder: options.builder,
      running: runner.running(),
      limit: options.limit,
      nowMs: clock.now(),
    });
    // Without an engine a build can only fail; it waits instead.
    if (steps.some(({ type }) => type === "take" || type === "retake")) await engine.ping(signal);
    for (const step of steps) await apply(step, signal);
  };
};

const journalOf = ({ log, clock, session }: ReconcileBuildsOptions, { project, name, uid }: BuildFacts) =>
  createBuildJournal({ log, clock, project, name, uid, builder: session });
