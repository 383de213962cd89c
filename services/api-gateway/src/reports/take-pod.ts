import type { Report } from "@slipway/bus";
import { type PodStatusEvent, podStatusDecider } from "@slipway/domain";
import { handleCommand } from "@slipway/eventlog";
import type { PodStories } from "./pod-stories.ts";
import { readPodReport } from "./read-report.ts";
import type { TakeReportsOptions } from "./take-reports.ts";

export interface TakePodOptions extends Pick<TakeReportsOptions, "log" | "follower" | "logger"> {
  readonly stories: PodStories;
}

/**
 * Stores what a node saw of a pod, as far as it is news. A node may speak only of the pods that were given to it; of one
 * that is gone it may still have the last word.
 */
export const takePod = async (
  { log, follower, logger, stories }: TakePodOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const { project, name, uid, events } = readPodReport(report.data);
  const story = await stories.tell(`pod/${project}/${name}`, uid, signal);
  if (story?.node !== report.node) {
    logger.warn({ node: report.node, project, pod: name, uid }, "report of a pod that the node does not have dropped");
    return;
  }
  const successor = follower.state.pods.get(project, name)?.state.pod.metadata?.uid;
  if (successor !== undefined && successor !== uid) {
    logger.info({ node: report.node, project, pod: name, uid }, "report of a pod whose name another one has dropped");
    return;
  }
  const known = follower.state.podStatuses.get(project, name);
  // An event's own id makes it the same one however often it is reported, and in whatever company.
  const ids = new Map<PodStatusEvent, string>(events.map((event) => [event, event.id]));
  await handleCommand({
    log,
    stream: `pod-status/${project}/${name}`,
    decider: podStatusDecider,
    command: { type: "ObservePod", uid, events },
    meta: {
      actor: `node:${report.node}`,
      ...(story.correlation === undefined ? {} : { correlation: story.correlation }),
    },
    eventId: (event) => ids.get(event) ?? "",
    ...(known?.state.uid === uid ? { from: { state: known.state, version: known.version } } : {}),
    signal,
  });
};
