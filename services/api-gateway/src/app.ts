import { connectBus } from "@slipway/bus";
import { EVENT_TYPES, upcast } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import { newId, systemClock, systemRandom } from "@slipway/kernel";
import { hashToken, tokenAuthenticator } from "@slipway/rpc";
import { type Component, healthServer, type ServiceContext } from "@slipway/runtime";
import type { GatewayConfig } from "./config.ts";
import { createGateway } from "./gateway.ts";

const VERSION = "0.1.0";

/** The composition root: makes the adapters and hands them to the gateway. */
export const gatewayParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<GatewayConfig>): Promise<readonly Component[]> => {
  const log = new PostgresEventLog({ url: config.databaseUrl, knownTypes: new Set(EVENT_TYPES), upcast });
  const bus = await connectBus({
    servers: config.natsUrl,
    name: "api-gateway",
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  health.addCheck("bus", () => (bus.status().connected ? undefined : "not connected to NATS"));
  const gateway = createGateway({
    log,
    snapshots: log.snapshots,
    bus,
    clock: systemClock,
    random: systemRandom,
    newId,
    logger,
    settings: {
      serviceCidr: config.serviceCidr,
      routeSuffix: config.routeSuffix,
      registryHost: config.registryHost,
      version: VERSION,
      patienceMs: 5_000,
    },
    address: `${config.grpcHost}:${config.grpcPort}`,
    authenticate: tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(config.ownerToken) }]),
    maxMessageBytes: config.maxMessageBytes,
    // The supervisor starts it anew; what made it stop is in the log.
    onFatal: (error) => {
      throw error;
    },
  });
  metrics.gauge(
    "slipway_read_model_position",
    "The last position that the read model holds.",
    () => gateway.follower()?.state.position ?? 0,
  );
  return [
    healthServer({ host: config.httpHost, port: config.httpPort, health, metrics }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => void (await Promise.all([bus.close(), log.close()])),
    },
    gateway,
  ];
};
