import type { Bus } from "@slipway/bus";
import type { PodReportValue } from "@slipway/domain";
import { asSlipwayError, backoffDelayMs, type Clock, delay, deterministicUuid } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";
import type { PodEvent } from "../pod/plan/pod-events.ts";

interface PodIdentity {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
}

/**
 * Reports on their way to the gateway. Those of one pod leave in order, each batch once the one before is in the queue;
 * what cannot leave waits in memory and is tried again until it is taken. (An agent that dies first reports the same
 * facts again, with the same ids.)
 */
export interface Outbox {
  add(pod: PodIdentity, events: readonly PodEvent[]): void;
  /** How many events wait. */
  depth(): number;
  /** Resolves when nothing waits any more, or the signal aborts. */
  drained(signal: AbortSignal): Promise<void>;
}

interface Line {
  readonly pod: PodIdentity;
  events: PodEvent[];
  sending: Promise<void> | undefined;
}

const RETRY = { initialMs: 100, maxMs: 5_000, jitter: 0.2 };

export const outbox = (options: {
  readonly bus: Pick<Bus, "reports">;
  readonly node: string;
  readonly onTaken: (uid: string, events: readonly PodEvent[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Outbox => {
  const { bus, node, clock, logger, signal } = options;
  const lines = new Map<string, Line>();

  const send = async (line: Line): Promise<void> => {
    for (let failures = 0; line.events.length > 0 && !signal.aborted; ) {
      const batch = line.events;
      const { uid, project, name } = line.pod;
      try {
        const value: PodReportValue = { project, name, uid, events: batch };
        // Of all ids: a batch that begins like an earlier one but says more must not be taken for it.
        const messageId = deterministicUuid(batch.map(({ id }) => id).join());
        await bus.reports.publish(node, "pod", value, messageId, signal);
        failures = 0;
        // What came meanwhile stands in a new list behind this one.
        line.events = line.events.slice(batch.length);
        options.onTaken(uid, batch);
      } catch (cause) {
        if (signal.aborted) return;
        failures++;
        if (failures === 1) logger.warn({ uid, error: asSlipwayError(cause) }, "a report waits for the bus");
        await delay(backoffDelayMs(RETRY, failures), signal, clock).catch(() => {});
      }
    }
    line.sending = undefined;
    if (line.events.length === 0) lines.delete(line.pod.uid);
  };

  return {
    add: (pod, events) => {
      if (events.length === 0) return;
      const line = lines.get(pod.uid) ?? { pod, events: [], sending: undefined };
      lines.set(pod.uid, line);
      line.events = [...line.events, ...events];
      line.sending ??= send(line);
    },
    depth: () => [...lines.values()].reduce((sum, line) => sum + line.events.length, 0),
    drained: async (until) => {
      while (lines.size > 0 && !until.aborted) await Promise.all([...lines.values()].map((line) => line.sending));
    },
  };
};
