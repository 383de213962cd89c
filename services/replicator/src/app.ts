import { type Bus, connectBus } from "@slipway/bus";
import { EVENT_TYPES } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import { systemClock, systemRandom } from "@slipway/kernel";
import { type Component, healthServer, loopMetrics, type ServiceContext } from "@slipway/runtime";
import type { ReplicatorConfig } from "./config.ts";
import { createReplicator } from "./replicator.ts";

/** The composition root: makes the adapters and hands them to the loops. */
export const replicatorParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<ReplicatorConfig>): Promise<readonly Component[]> => {
  const log = new PostgresEventLog({ url: config.databaseUrl, knownTypes: new Set(EVENT_TYPES) });
  const bus: Bus = await connectBus({
    servers: config.natsUrl,
    name: "replicator",
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  health.addCheck("bus", () => (bus.status().connected ? undefined : "not connected to NATS"));
  const replicator = createReplicator({
    log,
    snapshots: log.snapshots,
    bus,
    clock: systemClock,
    random: systemRandom,
    logger,
    loops: loopMetrics(metrics),
  });
  return [
    healthServer({ host: config.healthHost, port: config.healthPort, health, metrics }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => void (await Promise.all([bus.close(), log.close()])),
    },
    replicator,
  ];
};
