import { type Bus, ensureTopology, type Relay, startRelay } from "@slipway/bus";
import { type ClusterFollower, followCluster } from "@slipway/cluster";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { asSlipwayError, type Clock, type Random } from "@slipway/kernel";
import { Builds, Events, Pods, Resources } from "@slipway/proto";
import { type Authenticate, bindHandlers, createServer, type RpcServer, type ServiceBinding } from "@slipway/rpc";
import type { Component, Logger } from "@slipway/runtime";
import { cancel } from "./builds/cancel.ts";
import { logs as buildLogs } from "./builds/logs.ts";
import { start as startBuild } from "./builds/start.ts";
import { history } from "./events/history.ts";
import { subscribe } from "./events/subscribe.ts";
import type { GatewayContext, GatewaySettings } from "./gateway-context.ts";
import { logs as podLogs } from "./pods/logs.ts";
import { takeReports } from "./reports/take-reports.ts";
import { apply } from "./resources/apply.ts";
import { remove } from "./resources/delete.ts";
import { get } from "./resources/get.ts";
import { kinds } from "./resources/kinds.ts";
import { list } from "./resources/list.ts";
import { scale } from "./resources/scale.ts";
import { status } from "./resources/status.ts";
import { watch } from "./resources/watch.ts";

export interface GatewayOptions {
  readonly log: EventLog;
  readonly snapshots?: Snapshots;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly logger: Logger;
  readonly settings: GatewaySettings;
  /** `host:port` of the API. */
  readonly address: string;
  readonly authenticate: Authenticate;
  readonly maxMessageBytes: number;
  /** The gateway cannot go on. */
  readonly onFatal: (error: Error) => void;
}

export interface Gateway extends Component {
  /** Undefined before the start. */
  follower(): ClusterFollower | undefined;
  /** Where the API listens, once started. */
  address(): string | undefined;
}

/** The API, the relay and the intake of reports over one read model. The adapters are made by the caller. */
export const createGateway = (options: GatewayOptions): Gateway => {
  const { log, bus, logger } = options;
  const stop = new AbortController();
  let follower: ClusterFollower | undefined;
  let relay: Relay | undefined;
  let server: RpcServer | undefined;
  let intake: Promise<void> | undefined;

  return {
    name: "gateway",
    follower: () => follower,
    address: () => server?.address(),
    start: async () => {
      // Everything else needs the streams, and the gateway is the one that makes them.
      relay = await startRelay({ log, bus, logger, onFatal: options.onFatal });
      await ensureTopology(bus.transport);
      const model = await followCluster({
        log,
        bus,
        name: "api-gateway",
        logger,
        signal: stop.signal,
        ...(options.snapshots ? { snapshots: options.snapshots } : {}),
      });
      follower = model;
      intake = takeReports({ ...options, follower: model }, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) options.onFatal(asSlipwayError(error));
      });
      const context: GatewayContext = { ...options, follower: model, relayed: () => relay?.position() ?? 0 };
      server = createServer({
        address: options.address,
        services: servicesOf(context),
        authenticate: options.authenticate,
        logger,
        maxMessageBytes: options.maxMessageBytes,
      });
      await server.start();
      logger.info({ address: server.address() }, "API listens");
    },
    stop: async (deadlineMs) => {
      await server?.stop(deadlineMs / 2);
      stop.abort();
      await intake;
      await follower?.stop();
      await relay?.stop();
    },
  };
};

const servicesOf = (context: GatewayContext): ServiceBinding[] => [
  bindHandlers(Resources, {
    apply: apply(context),
    get: get(context),
    list: list(context),
    watch: watch(context),
    delete: remove(context),
    scale: scale(context),
    kinds: kinds(),
    status: status(context),
  }),
  bindHandlers(Pods, { logs: podLogs(context) }),
  bindHandlers(Builds, { start: startBuild(context), cancel: cancel(context), logs: buildLogs(context) }),
  bindHandlers(Events, { subscribe: subscribe(context), history: history(context) }),
];
