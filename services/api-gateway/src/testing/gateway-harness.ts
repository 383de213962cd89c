import { type MemoryBus, memoryBus } from "@slipway/bus";
import { type DomainEvent, EVENT_TYPES } from "@slipway/domain";
import { MemoryEventLog, MemoryStore } from "@slipway/eventlog";
import { type Clock, newId, seededRandom, systemClock } from "@slipway/kernel";
import { Builds, Events, Pods, Resources } from "@slipway/proto";
import { createChannel, createClient, hashToken, type ServiceClient, tokenAuthenticator } from "@slipway/rpc";
import { createLogger, noMetrics, type RunningComponents, startComponents } from "@slipway/runtime";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway.ts";

/** The token that the gateways of a harness let in. */
export const TOKEN = "test-token-of-the-owner";

export interface GatewayClients {
  readonly resources: ServiceClient<typeof Resources>;
  readonly pods: ServiceClient<typeof Pods>;
  readonly builds: ServiceClient<typeof Builds>;
  readonly events: ServiceClient<typeof Events>;
}

/** A gateway that listens on loopback, and clients that hold the owner's token. */
export interface TestGateway extends GatewayClients {
  readonly gateway: Gateway;
  readonly log: MemoryEventLog;
  readonly address: string;
  /** Clients with another token, or with none. */
  as(token: string | undefined): GatewayClients;
  stop(): Promise<void>;
}

/** Log and bus in memory, with one gateway on them. More gateways share both. */
export interface GatewayHarness extends TestGateway {
  readonly bus: MemoryBus;
  addGateway(more?: HarnessOptions): Promise<TestGateway>;
  /** Applies manifests in the project `demo`. */
  apply(...objects: object[]): ReturnType<GatewayClients["resources"]["apply"]>;
  /** Appends as another service would; answers the position, which the gateway's read model holds by then. */
  append(stream: string, ...events: DomainEvent[]): Promise<number>;
}

export interface HarnessOptions {
  readonly clock?: Clock;
  readonly seed?: number;
  readonly serviceCidr?: string;
  readonly patienceMs?: number;
  readonly gateway?: Partial<GatewayOptions>;
  /** Runs before the log is reached. */
  readonly before?: (operation: "append" | "read") => void | Promise<void>;
}

export const manifest = (object: object): { name: string; content: string } => ({
  name: "-",
  content: JSON.stringify(object),
});

/** Starts one; `stop` ends everything. Without a project. */
export const startGatewayHarness = async (options: HarnessOptions = {}): Promise<GatewayHarness> => {
  const clock = options.clock ?? systemClock;
  const store = new MemoryStore(clock);
  const bus = memoryBus({ clock, random: seededRandom(1) });
  const running: TestGateway[] = [];

  const addGateway = async (more: HarnessOptions = {}): Promise<TestGateway> => {
    const { before } = more;
    const log = new MemoryEventLog({ knownTypes: new Set(EVENT_TYPES), clock, store, ...(before && { before }) });
    const started = await startGateway(log, bus, { ...more, clock });
    running.push(started);
    return started;
  };
  const first = await addGateway(options);
  return {
    ...first,
    bus,
    addGateway,
    apply: (...objects) => first.resources.apply({ manifests: objects.map(manifest), project: "demo" }),
    append: async (stream, ...events) => {
      const batch = [{ stream, expected: "any" as const, events: events.map((event) => ({ ...event, id: newId() })) }];
      const { position } = await first.log.append(batch, { actor: "test" });
      await first.gateway.follower()?.waitFor(position);
      return position;
    },
    stop: async () => {
      for (const gateway of running.splice(0)) await gateway.stop();
      await bus.close();
    },
  };
};

const startGateway = async (
  log: MemoryEventLog,
  bus: MemoryBus,
  { clock = systemClock, seed = 1, serviceCidr = "10.96.0.0/16", patienceMs = 50, gateway: more = {} }: HarnessOptions,
): Promise<TestGateway> => {
  const gateway = createGateway({
    log,
    bus,
    clock,
    random: seededRandom(seed),
    newId,
    metrics: noMetrics,
    logger: createLogger({ service: "api-gateway", level: "silent" }),
    settings: {
      serviceCidr,
      routeSuffix: "apps.localhost",
      registryHost: "127.0.0.1:5000",
      version: "test",
      patienceMs,
    },
    address: "127.0.0.1:0",
    authenticate: tokenAuthenticator([{ actor: "user:owner", sha256: hashToken(TOKEN) }]),
    maxMessageBytes: 4 * 1_048_576,
    onFatal: (error) => {
      throw error;
    },
    ...more,
  });
  const components: RunningComponents = await startComponents([gateway]);
  const address = gateway.address() ?? "";
  const channel = createChannel(address);
  const as = (token: string | undefined): GatewayClients => {
    const options = { timeoutMs: 10_000, ...(token === undefined ? {} : { token }) };
    return {
      resources: createClient(Resources, channel, options),
      pods: createClient(Pods, channel, options),
      builds: createClient(Builds, channel, options),
      events: createClient(Events, channel, options),
    };
  };
  return {
    ...as(TOKEN),
    gateway,
    log,
    address,
    as,
    stop: async () => {
      channel.close();
      await components.stop();
      await log.close();
    },
  };
};
