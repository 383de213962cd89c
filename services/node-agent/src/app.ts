import { connectBus } from "@slipway/bus";
import { dockerEngine } from "@slipway/containers";
import { systemClock, systemRandom } from "@slipway/kernel";
import { type Component, healthServer, loopMetrics, type ServiceContext } from "@slipway/runtime";
import { createNodeAgent } from "./agent.ts";
import type { NodeAgentConfig } from "./config.ts";

export { createNodeAgent, type NodeAgent, type NodeAgentDeps } from "./agent.ts";
export { type NodeAgentConfig, nodeAgentConfig } from "./config.ts";
export { type PurgeOptions, purgeNode } from "./purge.ts";

/** The composition root: makes the adapters and hands them to the agent. */
export const nodeAgentParts = async ({
  config,
  logger,
  metrics,
  health,
}: ServiceContext<NodeAgentConfig>): Promise<readonly Component[]> => {
  const engine = dockerEngine(config.dockerSocket === undefined ? {} : { socketPath: config.dockerSocket });
  const bus = await connectBus({
    servers: config.natsUrl,
    name: `node-agent ${config.nodeName}`,
    node: config.nodeName,
    logger,
    ...(config.natsUser ? { user: config.natsUser } : {}),
    ...(config.natsPassword ? { password: config.natsPassword } : {}),
  });
  const agent = await createNodeAgent(config, {
    bus,
    engine,
    clock: systemClock,
    random: systemRandom,
    logger,
    loops: loopMetrics(metrics),
  });
  for (const [name, check] of Object.entries(agent.checks)) health.addCheck(name, check);
  return [
    healthServer({ host: config.healthHost, port: config.healthPort, health, metrics }),
    {
      name: "connections",
      start: async () => {},
      stop: async () => {
        engine.close();
        await bus.close();
      },
    },
    ...agent.components,
  ];
};
