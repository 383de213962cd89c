import { connectBus } from "@slipway/bus";
import { dockerEngine } from "@slipway/containers";
import { EVENT_TYPES } from "@slipway/domain";
import { PostgresEventLog } from "@slipway/eventlog";
import { systemClock, systemRandom } from "@slipway/kernel";
import { type Component, healthServer, loopMetrics, type ServiceContext } from "@slipway/runtime";
import type { BuildSettings } from "./build/build-settings.ts";
import { createBuilder } from "./builder.ts";
import type { BuilderConfig } from "./config.ts";

/** The composition root: makes the adapters and hands them to the builder. */
export const builderParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<BuilderConfig>): Promise<readonly Component[]> => {
  const log = new PostgresEventLog({ url: config.databaseUrl, knownTypes: new Set(EVENT_TYPES) });
  const bus = await connectBus({
    servers: config.natsUrl,
    name: "builder",
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  const engine = dockerEngine(config.dockerSocket ? { socketPath: config.dockerSocket } : {});
  health.addCheck("bus", () => (bus.status().connected ? undefined : "not connected to NATS"));
  const builder = createBuilder({
    log,
    snapshots: log.snapshots,
    bus,
    engine,
    settings: buildSettings(config),
    builderId: config.builderId,
    concurrency: config.concurrency,
    clock: systemClock,
    random: systemRandom,
    logger,
    metrics,
    loops: loopMetrics(metrics),
  });
  return [
    healthServer({ host: config.healthHost, port: config.healthPort, health, metrics }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => {
        engine.close();
        await Promise.all([bus.close(), log.close()]);
      },
    },
    builder,
  ];
};

const buildSettings = (config: BuilderConfig): BuildSettings => ({
  instance: config.instance,
  stateDir: config.stateDir,
  registry: { host: config.registryHost, username: config.registryUser, password: config.registryPassword },
  buildEnv: config.buildEnv,
  allowFileSources: config.allowFileSources,
  fetchTimeoutMs: config.fetchTimeoutMs,
  maxSourceBytes: config.maxSourceBytes,
  maxArtifactsBytes: config.maxArtifactsBytes,
  ...(config.buildCaBundle !== undefined && { caBundle: config.buildCaBundle }),
  ...(config.buildSshKey !== undefined && { sshKey: config.buildSshKey }),
  ...(config.buildNetwork !== undefined && { buildNetwork: config.buildNetwork }),
});
