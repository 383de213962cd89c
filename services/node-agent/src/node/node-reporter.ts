import type { Bus } from "@slipway/bus";
import { asSlipwayError, backoffDelayMs, type Clock, delay, deterministicUuid } from "@slipway/kernel";
import type { NodeJson } from "@slipway/proto";
import type { Component, Logger } from "@slipway/runtime";

const RETRY = { initialMs: 200, maxMs: 5_000, jitter: 0.2 };
/** Addresses and sizes of a host change seldom. */
const LOOK_EVERY_MS = 60_000;

/** Tells the gateway about the node: at every start, when something about it changed, and when it is asked to. */
export interface NodeReporter extends Component {
  /** What was told may not have arrived. */
  tellAgain(): void;
}

export const nodeReporter = (options: {
  readonly bus: Pick<Bus, "reports">;
  readonly node: string;
  /** Tells one start of the agent from the next, so that each start is told. */
  readonly startId: string;
  readonly read: () => Promise<NodeJson>;
  readonly clock: Clock;
  readonly logger: Logger;
}): NodeReporter => {
  const { bus, node, clock, logger } = options;
  const lifetime = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let told = "";

  const tell = async (text: string, signal: AbortSignal): Promise<void> => {
    const id = deterministicUuid(`${node}/${options.startId}/${text}`);
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await bus.reports.publish(node, "node", { node: JSON.parse(text) as NodeJson }, id, signal);
        return;
      } catch (cause) {
        if (failures === 1 && !signal.aborted) {
          logger.warn({ error: asSlipwayError(cause) }, "the node's report waits for the bus");
        }
        await delay(backoffDelayMs(RETRY, failures), signal, clock).catch(() => {});
      }
    }
  };

  const loop = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const text = JSON.stringify(await options.read());
        const news = text !== told;
        told = text;
        if (news) await tell(text, signal);
      } catch (cause) {
        // The engine is away: it says so elsewhere.
        logger.debug({ error: asSlipwayError(cause) }, "the node could not be looked at");
      }
      await delay(LOOK_EVERY_MS, signal, clock).catch(() => {});
    }
  };

  return {
    name: "node-reporter",
    tellAgain: () => {
      told = "";
    },
    start: async () => {
      running = loop(lifetime.signal);
    },
    stop: async () => {
      lifetime.abort();
      await running;
    },
  };
};
