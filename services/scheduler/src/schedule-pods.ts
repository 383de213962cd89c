import type { ClusterFollower, Entry } from "@slipway/cluster";
import { type DomainEvent, type PodLive, podDecider } from "@slipway/domain";
import type { EventLog } from "@slipway/eventlog";
import { asSlipwayError, type Clock, deterministicUuid, isSlipwayError } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import type { NodeBook } from "./node-book.ts";
import { type Placement, place } from "./plan/place.ts";
import { podRequestOf } from "./pod-request-of.ts";

/** Pods decided before the loop looks at the state again. */
const BATCH = 256;

/** A parked pod is looked at again at the latest after this long, whatever happened. */
const PARKED_FOR_MS = 60_000;

export interface SchedulePodsOptions {
  readonly follower: ClusterFollower;
  readonly log: EventLog;
  readonly book: NodeBook;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly actor: string;
}

/**
 * Binds unscheduled pods to nodes. One call decides for every pod that has no node and is not parked, on one snapshot,
 * and stores each decision against the pod's version: a pod that somebody else changed meanwhile is refused by the log,
 * and looked at again with the next change. A pod for which there is no node is parked with its reasons.
 */
export class PodScheduler {
  readonly #options: SchedulePodsOptions;
  /** uid -> when it was parked. */
  readonly #parked = new Map<string, number>();
  #turn = 0;

  constructor(options: SchedulePodsOptions) {
    this.#options = options;
  }

  /** Something made room: every parked pod is worth another look. */
  wake(): void {
    this.#parked.clear();
  }

  /** Decides for all pods that wait; resolves when the decisions are stored and folded. */
  async run(signal: AbortSignal): Promise<void> {
    const { follower } = this.#options;
    while (!signal.aborted) {
      const batch = this.#waiting();
      if (batch.length === 0) return;
      const positions = await Promise.all(batch.map((entry) => this.#decide(entry, signal)));
      await follower.waitFor(Math.max(0, ...positions), signal);
    }
  }

  #waiting(): Entry<PodLive>[] {
    const { follower, clock } = this.#options;
    const waiting: Entry<PodLive>[] = [];
    const now = clock.now();
    for (const entry of follower.state.unscheduledPods()) {
      const parkedAt = this.#parked.get(entry.state.pod.metadata?.uid ?? "");
      if (parkedAt !== undefined && now - parkedAt < PARKED_FOR_MS) continue;
      waiting.push(entry);
      if (waiting.length === BATCH) break;
    }
    return waiting;
  }

  /** Answers the position of the stored decision, 0 when there was nothing to store. */
  async #decide(entry: Entry<PodLive>, signal: AbortSignal): Promise<number> {
    const { log, book, clock, logger, actor } = this.#options;
    const pod = podRequestOf(entry);
    const placement = place(pod, book.nodes(), this.#turn++);
    if (placement.placed) book.assume(pod, placement.node);
    // Parked also when placed: should the append be refused, only a change of the pod brings it back.
    this.#parked.set(pod.uid, clock.now());
    const events = decide(entry, pod.uid, placement);
    if (events.length === 0) return 0;
    try {
      const { position } = await log.append(
        [
          {
            stream: entry.stream,
            expected: entry.version,
            events: events.map((event, i) => ({
              ...event,
              id: deterministicUuid(
                `${entry.stream}|${entry.version}|${i}|${event.type}|${JSON.stringify(event.data)}`,
              ),
            })),
          },
        ],
        { actor },
        signal,
      );
      if (placement.placed) this.#parked.delete(pod.uid);
      logger.info(
        {
          project: pod.project,
          pod: pod.name,
          ...(placement.placed ? { node: placement.node } : { reason: placement.message }),
          position,
        },
        placement.placed ? "pod scheduled" : "pod unschedulable",
      );
      return position;
    } catch (cause) {
      book.forget(entry.project, entry.name);
      this.#parked.delete(pod.uid);
      if (!isSlipwayError(cause, "VersionConflict")) throw asSlipwayError(cause);
      // Somebody was faster. The fold brings their event; waiting for it keeps this loop from spinning.
      return entry.position + 1;
    }
  }
}

const decide = (entry: Entry<PodLive>, uid: string, placement: Placement): readonly DomainEvent[] =>
  podDecider.decide(
    placement.placed
      ? { type: "SchedulePod", uid, node: placement.node, explanation: placement.explanation }
      : { type: "MarkPodUnschedulable", uid, message: placement.message, explanation: placement.explanation },
    entry.state,
  );
