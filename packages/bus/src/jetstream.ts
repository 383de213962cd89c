import { type Bus, makeBus } from "./bus.ts";
import { type BusLogger, silentLogger } from "./bus-logger.ts";
import { jetStreamTransport } from "./jetstream-transport.ts";
import { NatsLink } from "./nats-link.ts";
import { nodeInboxPrefix } from "./permissions.ts";

export interface ConnectOptions {
  /** `nats://host:port`, or `host:port`; several for a cluster. */
  readonly servers: string | readonly string[];
  readonly user?: string;
  readonly password?: string;
  /** Which part of Slipway connects: shown by the server's monitoring. */
  readonly name: string;
  /** Set by a node agent: its user may do only what its node needs. */
  readonly node?: string;
  readonly logger?: BusLogger;
}

/**
 * The bus on NATS JetStream. Fails with `BusUnavailable` when no server answers within seconds, with `Unauthenticated`
 * when the password is wrong; once connected, it waits out every later loss by itself.
 */
export const connectBus = async (options: ConnectOptions): Promise<Bus> => {
  const { node, logger = silentLogger, ...rest } = options;
  const inboxPrefix = node === undefined ? "_INBOX.service" : nodeInboxPrefix(node);
  const link = await NatsLink.open({ ...rest, inboxPrefix, logger });
  return makeBus(jetStreamTransport(link, logger), logger);
};
