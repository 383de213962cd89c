import { connectBus } from "@slipway/bus";
import { EVENT_TYPES, upcast } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import { newId, systemClock, systemRandom } from "@slipway/kernel";
import { hashToken, tokenAuthenticator } from "@slipway/rpc";
import type { Component, ServiceContext } from "@slipway/runtime";
import type { GatewayConfig } from "./config.ts";
import { createGateway } from "./gateway.ts";
import { httpServer } from "./http/http-server.ts";

const VERSION = "0.1.0";
/** Another gateway's answer is here long before that. */
const PATIENCE_MS = 5_000;

/** A gateway that is further behind the log answers about another day. */
const MOST_LAG = 100_000;

/** The composition root: makes the adapters and hands them to the gateway. */
export const gatewayParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<GatewayConfig>): Promise<readonly Component[]> => {
  const { serviceCidr, routeSuffix, registryHost, snapshotEvery } = config;
  const log = new PostgresEventLog({ url: config.databaseUrl, knownTypes: new Set(EVENT_TYPES), upcast });
  const bus = await connectBus({
    servers: config.natsUrl,
    name: "api-gateway",
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  health.addCheck("bus", () => (bus.status().connected ? undefined : "not connected to NATS"));
  const authenticate = tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(config.ownerToken) }]);
  const gateway = createGateway({
    log,
    snapshots: log.snapshots,
    ...(snapshotEvery === undefined ? {} : { snapshotEvery }),
    bus,
    clock: systemClock,
    random: systemRandom,
    newId,
    logger,
    metrics,
    settings: { serviceCidr, routeSuffix, registryHost, version: VERSION, patienceMs: PATIENCE_MS },
    address: `${config.grpcHost}:${config.grpcPort}`,
    authenticate,
    maxMessageBytes: config.maxMessageBytes,
    // Nobody catches it, so that the process ends and its supervisor begins anew.
    onFatal: (error) => {
      queueMicrotask(() => {
        throw error;
      });
    },
  });
  health.addCheck("read model", () => {
    const lag = gateway.follower()?.lag() ?? 0;
    return lag > MOST_LAG ? `${lag} positions behind the log` : undefined;
  });
  return [
    httpServer({ host: config.httpHost, port: config.httpPort, health, metrics, authenticate }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => void (await Promise.all([bus.close(), log.close()])),
    },
    gateway,
  ];
};
