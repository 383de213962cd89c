import { asSlipwayError } from "@slipway/kernel";
import type { Resources } from "@slipway/proto";
import type { ServiceImpl } from "@slipway/rpc";
import type { GatewayContext } from "../gateway-context.ts";

interface Part {
  readonly name: string;
  readonly healthy: boolean;
  readonly message: string;
  readonly lag?: bigint;
}

/** Whether the parts that this gateway can see are well, and how far behind the log they are. */
export const status =
  (context: GatewayContext): ServiceImpl<typeof Resources>["status"] =>
  async (_request, call) => {
    const { log, follower, bus, settings } = context;
    let head = follower.state.position;
    let logProblem = "";
    try {
      head = await log.head(call.signal);
    } catch (error) {
      logProblem = asSlipwayError(error).message;
    }
    const lag = (position: number) => BigInt(Math.max(0, head - position));
    const nodes = [...follower.state.nodes.list()];
    const ready = nodes.filter(({ state }) => state.ready === true).length;
    const { connected } = bus.status();
    const parts: Part[] = [
      { name: "log", healthy: logProblem === "", message: logProblem || `${head} events` },
      { name: "bus", healthy: connected, message: connected ? "connected" : "not connected to NATS" },
      { name: "relay", healthy: connected, message: "log to bus", lag: lag(context.relayed()) },
      { name: "read model", healthy: true, message: "of this gateway", lag: lag(follower.state.position) },
      { name: "nodes", healthy: ready > 0 && ready === nodes.length, message: `${ready} of ${nodes.length} ready` },
    ];
    return { version: settings.version, head: BigInt(head), parts };
  };
