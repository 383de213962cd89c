import type { Bus } from "@slipway/bus";
import { asSlipwayError, type Clock, type Timer } from "@slipway/kernel";
import type { Component, Logger } from "@slipway/runtime";
import type { HostUsage } from "../usage/host-usage.ts";

/** What a heartbeat says. */
interface HeartbeatValue {
  /** RFC 3339, the node's clock. */
  readonly at: string;
  /** Another one means that the host was started anew. */
  readonly bootId: string;
  /** How many pods the agent has to do with. */
  readonly pods: number;
  readonly usage: HostUsage;
}

/** A sign of life every so often. One that cannot be sent is lost; the next one counts. */
export const heartbeat = (options: {
  readonly bus: Pick<Bus, "heartbeats">;
  readonly node: string;
  readonly everyMs: number;
  readonly bootId: string;
  readonly pods: () => number;
  readonly usage: () => Promise<HostUsage>;
  /** Nothing is said while this node could not run a pod: it is as good as gone then. */
  readonly healthy: () => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Component => {
  const { bus, node, everyMs, bootId, clock, logger } = options;
  let timer: Timer | undefined;
  let stopped = false;

  const beat = async (): Promise<void> => {
    try {
      if (await options.healthy()) {
        const at = new Date(clock.now()).toISOString();
        const value: HeartbeatValue = { at, bootId, pods: options.pods(), usage: await options.usage() };
        bus.heartbeats.publish(node, value);
      }
    } catch (cause) {
      logger.debug({ error: asSlipwayError(cause) }, "a heartbeat was not sent");
    }
    if (!stopped) timer = clock.schedule(everyMs, () => void beat());
  };

  return {
    name: "heartbeat",
    start: () => beat(),
    stop: async () => {
      stopped = true;
      timer?.cancel();
    },
  };
};
