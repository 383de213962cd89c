import type { Report } from "@slipway/bus";
import { type PodStatusEvent, podStatusDecider } from "@slipway/domain";
import { conflictOf, handleCommand } from "@slipway/eventlog";
import type { EventMeta } from "@slipway/kernel";
import type { PodStories } from "./pod-stories.ts";
import { type PodReport, readPodReport } from "./read-report.ts";
import type { StatusStates } from "./status-states.ts";
import type { TakeReportsOptions } from "./take-reports.ts";

export interface TakePodOptions extends Pick<TakeReportsOptions, "log" | "follower" | "logger"> {
  readonly stories: PodStories;
  readonly states: StatusStates;
}

/**
 * Stores what a node saw of a pod, as far as it is news. A node may speak only of the pods that were given to it; of one
 * that is gone it may still have the last word.
 */
export const takePod = async (options: TakePodOptions, message: Report, signal: AbortSignal): Promise<void> => {
  const { follower, logger, stories } = options;
  const report = readPodReport(message.data);
  const { project, name, uid } = report;
  const facts = { node: message.node, project, pod: name, uid };
  const story = await stories.tell(`pod/${project}/${name}`, uid, signal);
  if (story?.node !== message.node) {
    logger.warn(facts, "report of a pod that the node does not have dropped");
    return;
  }
  const successor = follower.state.pods.get(project, name)?.state.pod.metadata?.uid;
  if (successor !== undefined && successor !== uid) {
    logger.info(facts, "report of a pod whose name another one has dropped");
    return;
  }
  const meta: EventMeta = {
    actor: `node:${message.node}`,
    ...(story.correlation === undefined ? {} : { correlation: story.correlation }),
  };
  await observe(options, report, meta, signal);
};

/** First on the state that is known, which costs one round trip; when that is behind, on the stream itself. */
const observe = async (
  { log, states }: Pick<TakePodOptions, "log" | "states">,
  { project, name, uid, events }: PodReport,
  meta: EventMeta,
  signal: AbortSignal,
): Promise<void> => {
  const stream = `pod-status/${project}/${name}`;
  const command = { type: "ObservePod", uid, events } as const;
  // An event's own id makes it the same one however often it is reported, and in whatever company.
  const ids = new Map<PodStatusEvent, string>(events.map((event) => [event, event.id]));
  const eventId = (event: PodStatusEvent) => ids.get(event) ?? "";
  const known = states.newest(stream, uid);
  if (known !== undefined) {
    const news = podStatusDecider.decide(command, known.state);
    // What is old news to an older state is so to a newer one: observed states only move forward.
    if (news.length === 0) return;
    try {
      const stored = news.map((event) => ({ ...event, id: eventId(event) }));
      const { duplicate } = await log.append([{ stream, expected: known.version, events: stored }], meta, signal);
      // They were stored by somebody else, at versions that are not known here.
      if (duplicate) return;
      const state = news.reduce(podStatusDecider.evolve, known.state);
      states.stored(stream, { state, version: known.version + news.length });
      return;
    } catch (error) {
      if (conflictOf(error) === undefined) throw error;
    }
  }
  const from = known === undefined ? {} : { from: known };
  const decider = podStatusDecider;
  const outcome = await handleCommand({ log, stream, decider, command, meta, eventId, ...from, signal });
  if (outcome.appended?.duplicate !== true) states.stored(stream, outcome);
};
