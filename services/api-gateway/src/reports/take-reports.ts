import type { Bus, Report } from "@slipway/bus";
import type { ClusterFollower } from "@slipway/cluster";
import type { EventLog } from "@slipway/eventlog";
import { type Clock, SlipwayError } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import { PodStories } from "./pod-stories.ts";
import { StatusStates } from "./status-states.ts";
import { takeNode } from "./take-node.ts";
import { takePod } from "./take-pod.ts";

export interface TakeReportsOptions {
  readonly log: Pick<EventLog, "append" | "readStream">;
  readonly bus: Pick<Bus, "reports">;
  readonly follower: Pick<ClusterFollower, "state" | "onChange">;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/**
 * Takes in what agents report, until the signal aborts. A report is done when it is in the log; one that comes again
 * says nothing new then. What makes no sense is dropped with a line in the log, so that it holds up nothing behind it.
 */
export const takeReports = async (options: TakeReportsOptions, signal: AbortSignal): Promise<void> => {
  const stories = new PodStories(options.log);
  const states = new StatusStates(options.follower);
  const stop = stories.keepUp(options.follower);
  const take = async (report: Report): Promise<void> => {
    if (report.what === "pod") return takePod({ ...options, stories, states }, report, signal);
    if (report.what === "node") return takeNode(options, report, signal);
    throw new SlipwayError("Invalid", `A node reported "${report.what}", which nobody knows.`);
  };
  try {
    await options.bus.reports.consume(take, signal);
  } finally {
    stop();
  }
};
