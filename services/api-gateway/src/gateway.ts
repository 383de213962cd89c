import { type Bus, type Relay, startRelay } from "@slipway/bus";
import { type ClusterFollower, followCluster } from "@slipway/cluster";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { asSlipwayError, type Clock, type Random, type SlipwayError } from "@slipway/kernel";
import { type Authenticate, createServer, type RpcServer } from "@slipway/rpc";
import type { Component, Logger, Metrics } from "@slipway/runtime";
import type { GatewaySettings } from "./gateway-context.ts";
import { gatewayMetrics } from "./gateway-metrics.ts";
import { takeReports } from "./reports/take-reports.ts";
import { servicesOf } from "./services.ts";

export interface GatewayOptions {
  readonly log: EventLog;
  readonly snapshots?: Snapshots;
  /** Events between two snapshots of the read model. Default: the read model's own. */
  readonly snapshotEvery?: number;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: GatewaySettings;
  /** `host:port` of the API. */
  readonly address: string;
  readonly authenticate: Authenticate;
  readonly maxMessageBytes: number;
  /** Called when the gateway cannot go on: `LogBehindBus`, or a read model that has lost its way. */
  readonly onFatal: (error: SlipwayError) => void;
}

export interface Gateway extends Component {
  /** Undefined before the start. */
  follower(): ClusterFollower | undefined;
  /** Where the API listens, once started. */
  address(): string | undefined;
}

/** What runs once the gateway has started, in the order in which it was started. */
interface Running {
  readonly relay: Relay;
  readonly follower: ClusterFollower;
  readonly intake: Promise<void>;
  readonly server: RpcServer;
}

/** The API, the relay and the intake of reports over one read model. The adapters are made by the caller. */
export const createGateway = (options: GatewayOptions): Gateway => {
  const lifetime = new AbortController();
  let running: Partial<Running> = {};

  const end = async (deadlineMs: number): Promise<void> => {
    const { server, intake, follower, relay } = running;
    // The API ends first, so that no call meets a gateway of which half is gone.
    await server?.stop(deadlineMs / 2);
    lifetime.abort();
    await intake;
    await follower?.stop();
    await relay?.stop();
  };

  return {
    name: "gateway",
    follower: () => running.follower,
    address: () => running.server?.address(),
    start: async (signal) => {
      const abandon = () => lifetime.abort(signal.reason);
      signal.addEventListener("abort", abandon, { once: true });
      try {
        for await (const part of startParts(options, lifetime.signal)) running = { ...running, ...part };
      } catch (error) {
        await end(0);
        throw error;
      } finally {
        signal.removeEventListener("abort", abandon);
      }
    },
    stop: end,
  };
};

async function* startParts(options: GatewayOptions, signal: AbortSignal): AsyncGenerator<Partial<Running>> {
  const { log, bus, logger, snapshots, snapshotEvery, onFatal } = options;
  const metrics = gatewayMetrics(options.metrics);
  // Makes the streams that everything else needs.
  const relay = startRelay({ log, bus, logger, metrics: metrics.relay, onFatal });
  yield { relay };
  const follower = await followCluster({
    log,
    bus,
    name: "api-gateway",
    logger,
    clock: options.clock,
    signal,
    ...(snapshots ? { snapshots } : {}),
    ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
  });
  yield { follower };
  metrics.readModel(() => follower.lag());
  const fatal = (error: unknown) => {
    if (!signal.aborted) onFatal(asSlipwayError(error));
  };
  follower.failed.catch(fatal);
  yield { intake: takeReports({ ...options, follower }, signal).catch(fatal) };
  const server = createServer({
    address: options.address,
    services: servicesOf({ ...options, follower, relayed: () => relay.position() }),
    authenticate: options.authenticate,
    logger,
    maxMessageBytes: options.maxMessageBytes,
    onFinished: metrics.onFinished,
  });
  await server.start();
  logger.info({ address: server.address() }, "API listens");
  yield { server };
}
