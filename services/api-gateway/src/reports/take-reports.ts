import type { Bus, Report } from "@slipway/bus";
import type { ClusterFollower } from "@slipway/cluster";
import {
  type DomainEvent,
  isPodStatusEvent,
  nodeDecider,
  type PodReportValue,
  podStatusDecider,
} from "@slipway/domain";
import { type EventLog, handleCommand } from "@slipway/eventlog";
import { type Clock, deterministicUuid, SlipwayError } from "@slipway/kernel";
import type { NodeJson } from "@slipway/proto";
import type { Logger } from "@slipway/runtime";

export interface TakeReportsOptions {
  readonly log: EventLog;
  readonly bus: Pick<Bus, "reports">;
  readonly follower: ClusterFollower;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: Logger;
}

/** Takes in what agents report, until the signal aborts. A report is done when it is in the log. */
export const takeReports = (options: TakeReportsOptions, signal: AbortSignal): Promise<void> =>
  options.bus.reports.consume((report) => {
    if (report.what === "pod") return takePod(options, report, signal);
    if (report.what === "node") return takeNode(options, report, signal);
    throw new SlipwayError("Invalid", `A node reported "${report.what}", which nobody knows.`);
  }, signal);

const takePod = async (
  { log, follower, logger }: TakeReportsOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const { project, name, uid, events } = report.data as PodReportValue;
  const stream = `pod-status/${project}/${name}`;
  const pod = follower.state.pods.get(project, name);
  const own = pod?.state.pod.metadata?.uid === uid;
  // A node may speak only of the pods that were given to it. Of a pod that is gone it may have the last word.
  if (own && pod.state.node !== undefined && pod.state.node !== report.node) {
    logger.warn({ node: report.node, project, pod: name }, "report of a pod that is bound elsewhere dropped");
    return;
  }
  const observed = events.filter((event): event is typeof event & DomainEvent => isPodStatusEvent(event));
  const ids = new Map(observed.map((event) => [JSON.stringify([event.type, event.data]), event.id]));
  const correlation = pod === undefined ? undefined : await correlationOf(log, pod.stream);
  await handleCommand({
    log,
    stream,
    decider: podStatusDecider,
    command: {
      type: "ObservePod",
      uid,
      events: observed.filter(isPodStatusEvent).map(({ type, data }) => ({ type, data })) as never,
    },
    meta: { actor: `node:${report.node}`, ...(correlation ? { correlation } : {}) },
    eventId: (event, i) =>
      ids.get(JSON.stringify([event.type, event.data])) ?? deterministicUuid(`${report.messageId}|${i}`),
    signal,
  });
};

/** The story that a pod belongs to is that of its creation. */
const correlationOf = async (log: EventLog, stream: string): Promise<string | undefined> => {
  const [created] = await log.readStream(stream, { fromVersion: 1 });
  return created?.meta.correlation;
};

const takeNode = async (
  { log, clock, newId, logger }: TakeReportsOptions,
  report: Report,
  signal: AbortSignal,
): Promise<void> => {
  const { node } = report.data as { node: NodeJson };
  if (node?.metadata?.name !== report.node) {
    throw new SlipwayError(
      "Invalid",
      `Node "${report.node}" reported itself under the name "${node?.metadata?.name}".`,
    );
  }
  const { events } = await handleCommand({
    log,
    stream: `node/_/${report.node}`,
    decider: nodeDecider,
    command: {
      type: "RegisterNode",
      node: {
        ...node,
        apiVersion: "v1",
        kind: "Node",
        metadata: {
          ...node.metadata,
          uid: node.metadata.uid || newId(),
          creationTimestamp: new Date(clock.now()).toISOString(),
        },
      },
    },
    meta: { actor: `node:${report.node}` },
    signal,
  });
  if (events.length > 0) logger.info({ node: report.node }, "node registered");
};
