import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import type { Bus } from "@slipway/bus";
import type { ContainerEngine, EngineInfo } from "@slipway/containers";
import { type Clock, delay, newId, type Random } from "@slipway/kernel";
import type { Component, Logger, LoopMetrics } from "@slipway/runtime";
import { bridgeName, type NodeAgentConfig, nodeLabels } from "./config.ts";
import { forwarder } from "./dns/forwarder.ts";
import { edge } from "./edge/edge.ts";
import { edgePaths } from "./edge/edge-paths.ts";
import { haproxyProcess } from "./edge/haproxy-process.ts";
import { haproxyCommands } from "./edge/haproxy-runtime.ts";
import { allowHairpin } from "./network/hairpin.ts";
import { applyNft, hasNftTable, nftTableName } from "./network/nft.ts";
import { ensurePodNetwork } from "./network/pod-network.ts";
import { heartbeat } from "./node/heartbeat.ts";
import {
  hostHasUser,
  hostResolvers,
  readBootId,
  readBootTime,
  readHostIP,
  readMinOomScoreAdj,
} from "./node/host-facts.ts";
import { nodeReporter } from "./node/node-reporter.ts";
import { nodeObject } from "./node/plan/node-object.ts";
import { podsPart } from "./pod/pods-part.ts";
import { requestServer } from "./serve/request-server.ts";
import { trafficPart } from "./traffic/traffic-part.ts";
import { hostUsage } from "./usage/host-usage.ts";

/** What a node agent works with. */
export interface NodeAgentDeps {
  readonly bus: Bus;
  readonly engine: ContainerEngine;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly loops: LoopMetrics;
}

export interface NodeAgent {
  /** In the order in which they start. */
  readonly components: readonly Component[];
  /** Why the node should not be given work now: name to words, or nothing when all is well. */
  readonly checks: Readonly<Record<string, () => string | undefined>>;
}

const AGENT_VERSION = "0.1.0";

/** The engine is asked for so long before the agent gives up its start. */
const ENGINE_WAIT_MS = 30_000;
const HAPROXY_USER = "haproxy";

/** Builds the agent of one node; several may live in one process, each with its own engine, network and folder. */
export const createNodeAgent = async (config: NodeAgentConfig, deps: NodeAgentDeps): Promise<NodeAgent> => {
  const { bus, engine, clock, logger } = deps;
  const identity = { instance: config.instance, node: config.nodeName };
  // Volumes are open to every user of every container, so nobody else may come near them.
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 });
  const info = await firstInfo(engine, clock, logger);
  const bridge = bridgeName(config);
  const network = await ensurePodNetwork({
    networks: engine.networks,
    identity,
    podCidr: config.podCidr,
    bridge,
    serviceCidr: config.serviceCidr,
    logger,
  });
  const hostIP = config.hostIp ?? readHostIP(bridge);
  const bootId = await readBootId();
  const bootTime = await readBootTime();
  const paths = edgePaths(config.stateDir);
  const user = (await hostHasUser(HAPROXY_USER)) ? { user: HAPROXY_USER } : {};

  const carrying = trafficPart({
    bus,
    nft: {
      table: nftTableName(config.instance),
      podCidr: config.podCidr,
      serviceCidr: config.serviceCidr,
      masqueradeLocal: !network.bridgedPacketsFiltered,
    },
    applyNft,
    hasNftTable,
    ...(config.edge && {
      edge: (traffic) =>
        edge({
          traffic,
          process: haproxyProcess(paths),
          command: (commands) => haproxyCommands(paths.socket, commands),
          paths,
          host: config.edgeHost,
          port: config.edgePort,
          ...user,
          clock,
          logger,
        }),
    }),
    dns: {
      host: network.gateway,
      port: config.dnsPort,
      forward: forwarder(() => (config.dnsUpstreams.length > 0 ? config.dnsUpstreams : hostResolvers(network.gateway))),
    },
    clock,
    logger,
  });
  const pods = podsPart({
    ...deps,
    identity,
    services: carrying.services,
    traffic: carrying.traffic,
    network: network.name,
    onJoined: () => allowHairpin(bridge),
    dnsAddress: network.gateway,
    hostIP,
    stateDir: config.stateDir,
    pauseImage: config.pauseImage,
    ...registryOf(config),
    memory: { totalBytes: info.memoryBytes, minOomScoreAdj: await readMinOomScoreAdj() },
    concurrency: config.podConcurrency ?? Math.max(2, info.cpus * 2),
    resyncMs: config.resyncMs,
    onBusLost: () => reporter.tellAgain(),
  });
  const reporter = nodeReporter({
    bus,
    node: config.nodeName,
    startId: newId(),
    read: async () =>
      nodeObject({
        name: config.nodeName,
        labels: nodeLabels(config),
        podCidr: config.podCidr,
        hostIP,
        hostname: hostname(),
        engine: await engine.info(),
        agentVersion: AGENT_VERSION,
        bootTime,
        reservedCpuMillis: config.reservedCpuMillis,
        reservedMemoryBytes: config.reservedMemoryBytes,
        maxPods: config.maxPods,
      }),
    clock,
    logger,
  });
  const beats = heartbeat({
    bus,
    node: config.nodeName,
    everyMs: config.heartbeatMs,
    bootId,
    pods: pods.count,
    usage: hostUsage(info.cpus),
    healthy: async () => (await engine.ping().catch(() => false)) !== false,
    clock,
    logger,
  });
  const requests = requestServer({ bus, containers: engine.containers, identity, pods, clock });
  return {
    components: [...carrying.components, ...pods.components, reporter, beats, requests],
    checks: {
      bus: () => (bus.status().connected ? undefined : "not connected to NATS"),
      pods: pods.problem,
      edge: carrying.problem,
    },
  };
};

const registryOf = ({ registryHost, registryUser, registryPassword }: NodeAgentConfig) =>
  registryHost === undefined || registryPassword === undefined
    ? {}
    : {
        registry: {
          host: registryHost,
          auth: { username: registryUser, password: registryPassword, serverAddress: registryHost },
        },
      };

/** A host that boots may start the agent before its engine. */
const firstInfo = async (engine: ContainerEngine, clock: Clock, logger: Logger): Promise<EngineInfo> => {
  const endMs = clock.now() + ENGINE_WAIT_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await engine.info();
    } catch (error) {
      if (clock.now() >= endMs) throw error;
      if (attempt === 1) logger.warn({ error }, "the container engine does not answer yet");
      await delay(500, undefined, clock);
    }
  }
};
