import { type Bus, connectBus } from "@slipway/bus";
import { EVENT_TYPES } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import { systemClock, systemRandom } from "@slipway/kernel";
import { type Component, healthServer, loopMetrics, type ServiceContext } from "@slipway/runtime";
import type { SchedulerConfig } from "./config.ts";
import { createScheduler } from "./scheduler.ts";

/** The composition root: makes the adapters and hands them to the loops. */
export const schedulerParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<SchedulerConfig>): Promise<readonly Component[]> => {
  const log = new PostgresEventLog({ url: config.databaseUrl, knownTypes: new Set(EVENT_TYPES) });
  const bus: Bus = await connectBus({
    servers: config.natsUrl,
    name: "scheduler",
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  health.addCheck("bus", () => (bus.status().connected ? undefined : "not connected to NATS"));
  const scheduler = createScheduler({
    log,
    snapshots: log.snapshots,
    bus,
    clock: systemClock,
    random: systemRandom,
    logger,
    loops: loopMetrics(metrics),
    nodeLeaseMs: config.nodeLeaseMs,
    nodeTolerationMs: config.nodeTolerationMs,
  });
  return [
    healthServer({ host: config.healthHost, port: config.healthPort, health, metrics }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => void (await Promise.all([bus.close(), log.close()])),
    },
    scheduler,
  ];
};
