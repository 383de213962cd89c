import { createHash } from "node:crypto";
import { hostname } from "node:os";
import { processConfig } from "@slipway/runtime";
import { z } from "zod";

const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "must be a range as 10.88.0.0/24");
const dnsLabel = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be lowercase letters, digits and dashes");
const port = z.number().int().min(0).max(65_535);

/** The node agent's settings; each is read from the variable `SLIPWAY_<NAME>`. */
export const nodeAgentConfig = z.object({
  ...processConfig,
  /** Which installation it belongs to; several may share a machine. */
  instance: dnsLabel.max(20).default("main"),
  /** Default: the host's name. */
  nodeName: dnsLabel.max(63).default(hostname().toLowerCase().replace(/\..*$/, "")),
  /** Records, volumes and the edge's files. */
  stateDir: z.string().startsWith("/"),
  natsUrl: z.string().min(1),
  natsUser: z.string().optional(),
  natsPassword: z.string().optional(),
  /** Default: DOCKER_HOST, else /var/run/docker.sock. */
  dockerSocket: z.string().startsWith("/").optional(),
  /** `host:port` of the platform's registry, as image names begin. */
  registryHost: z.string().optional(),
  registryUser: z.string().default("slipway"),
  registryPassword: z.string().optional(),
  /** The holder of a pod's network. */
  pauseImage: z.string().default("slipway/pause:latest"),
  /** The node's own range; no two nodes share one. */
  podCidr: cidr.default("10.88.0.0/24"),
  serviceCidr: cidr.default("10.96.0.0/16"),
  /** Default: made from instance and node. */
  bridge: z.string().min(1).max(15).optional(),
  /** By which other nodes reach this one; default: the host's first address. */
  hostIp: z.string().optional(),
  dnsPort: port.default(53),
  /** Default: the host's resolvers. */
  dnsUpstreams: z.array(z.string()).default([]),
  edge: z.boolean().default(true),
  edgeHost: z.string().default("127.0.0.1"),
  edgePort: port.default(8080),
  healthHost: z.string().default("127.0.0.1"),
  healthPort: port.default(7484),
  heartbeatMs: z.number().int().min(100).default(5_000),
  resyncMs: z.number().int().min(1_000).default(60_000),
  /** Pods worked on at the same time; default: twice the processors, which is where an engine is busiest. */
  podConcurrency: z.number().int().min(1).max(64).optional(),
  maxPods: z.number().int().min(1).default(110),
  reservedCpuMillis: z.number().int().min(0).default(100),
  reservedMemoryBytes: z
    .number()
    .int()
    .min(0)
    .default(256 * 1_048_576),
  /** `key=value` each. */
  nodeLabels: z.array(z.string().regex(/^[^=\s]+=[^=\s]*$/, "must read key=value")).default([]),
});

export type NodeAgentConfig = Readonly<z.output<typeof nodeAgentConfig>>;

/** A bridge's name has 15 characters at most, and two agents on one machine need two. */
export const bridgeName = ({ bridge, instance, nodeName }: NodeAgentConfig): string =>
  bridge ?? `slip${createHash("sha256").update(`${instance}/${nodeName}`).digest("hex").slice(0, 8)}`;

export const nodeLabels = (config: NodeAgentConfig): Record<string, string> =>
  Object.fromEntries(
    config.nodeLabels.map((label) => {
      const equals = label.indexOf("=");
      return [label.slice(0, equals), label.slice(equals + 1)] as const;
    }),
  );
