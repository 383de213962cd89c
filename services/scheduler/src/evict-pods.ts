import type { ClusterFollower } from "@slipway/cluster";
import { podDecider } from "@slipway/domain";
import type { EventLog } from "@slipway/eventlog";
import { type Clock, isSlipwayError, newId } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";

export interface EvictPodsOptions {
  readonly follower: ClusterFollower;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: string;
  /** How long pods stay bound to an unreachable node before they are given up. */
  readonly tolerationMs: number;
}

/**
 * Gives up the pods of nodes that have been unreachable for too long, so that their controllers make others. The pods
 * stay Terminating until their node answers again and says that nothing of them is left.
 */
export const evictPods = async (options: EvictPodsOptions, signal: AbortSignal): Promise<void> => {
  const { follower, log, clock, logger, actor, tolerationMs } = options;
  const now = clock.now();
  for (const node of follower.state.nodes.list()) {
    const { ready, since } = node.state;
    if (ready !== false || since === undefined || now - Date.parse(since) < tolerationMs) continue;
    for (const pod of [...follower.state.podsOnNode(node.name)]) {
      if (pod.state.deletion !== undefined) continue;
      const events = podDecider.decide(
        {
          type: "RequestPodDeletion",
          uid: pod.state.pod.metadata?.uid ?? "",
          at: new Date(now).toISOString(),
          reason: "NodeLost",
        },
        pod.state,
      );
      if (events.length === 0) continue;
      try {
        await log.append(
          [{ stream: pod.stream, expected: pod.version, events: events.map((event) => ({ ...event, id: newId() })) }],
          { actor },
          signal,
        );
        logger.info({ node: node.name, project: pod.project, pod: pod.name }, "pod of a lost node given up");
      } catch (error) {
        if (!isSlipwayError(error, "VersionConflict")) throw error;
      }
    }
  }
};
