import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { type Clock, SlipwayError, systemClock } from "@slipway/kernel";
import { HealthImplementation } from "grpc-health-check";
import { listen } from "./address.ts";
import type { CallLogger } from "./call-context.ts";
import { callHandler, type FinishedCall } from "./call-handler.ts";
import { createGuard } from "./guard.ts";
import { openStreams } from "./open-streams.ts";
import { quietLibrary } from "./quiet-library.ts";
import { addReflection } from "./reflection.ts";
import { methodPath, serviceDefinition } from "./service-definition.ts";
import type { ServiceBinding } from "./service-impl.ts";
import type { Authenticate } from "./token.ts";

export interface ServerOptions {
  /** `127.0.0.1:8443`, port 0 for any free one, or `unix:/run/slipway/api.sock`. */
  readonly address: string;
  /** From `bindHandlers`. */
  readonly services: readonly ServiceBinding[];
  readonly authenticate: Authenticate;
  readonly logger: CallLogger;
  /** The largest request; a larger one is refused before it is read. Default 8 MiB. */
  readonly maxMessageBytes?: number;
  /** Serve `grpc.health.v1.Health`. Default true. */
  readonly health?: boolean;
  /** Serve reflection, to callers with a token. Default true. */
  readonly reflection?: boolean;
  readonly clock?: Clock;
  /** Called at the end of each call of our services, for metrics. */
  readonly onFinished?: (call: FinishedCall) => void;
}

/** A gRPC server with the shape of a component. */
export interface RpcServer {
  readonly name: string;
  start(): Promise<void>;
  /**
   * Takes no new connections and ends open streams with `ServerUnavailable`, lets other calls end until `deadlineMs`,
   * then cuts what is left.
   */
  stop(deadlineMs: number): Promise<void>;
  /** Where it listens, once started; the port is the real one. */
  address(): string;
  /** What the health service answers; true from the start on. */
  setServing(serving: boolean): void;
}

const DEFAULT_MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/**
 * Health is the one thing that answers without a token: load balancers and probes have none, and it says no more than
 * whether the server works.
 */
const OPEN_PATHS = ["/grpc.health.v1.Health/"];

/** A client that vanished without a word is noticed within 40 s, so that its streams do not stay open. */
const KEEPALIVE = { "grpc.keepalive_time_ms": 30_000, "grpc.keepalive_timeout_ms": 10_000 };

export const createServer = (options: ServerOptions): RpcServer => {
  const { services, logger, clock = systemClock, onFinished = () => {} } = options;
  quietLibrary();
  const streams = openStreams();
  const guard = createGuard({
    authenticate: options.authenticate,
    openPaths: OPEN_PATHS,
    ownPaths: new Set(services.flatMap(({ desc }) => desc.methods.map(methodPath))),
    streams,
    logger,
  });
  const server = new Server({
    "grpc.max_receive_message_length": options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": -1,
    ...KEEPALIVE,
    interceptors: [guard.interceptor],
  });
  const environment = { identityOf: guard.identityOf, streams, logger, clock, onFinished };
  for (const { desc, handlers } of services) {
    const implementation: UntypedServiceImplementation = {};
    for (const method of desc.methods) {
      implementation[method.localName] = callHandler(method, handlers[method.localName]!, environment);
    }
    server.addService(serviceDefinition(desc), implementation);
  }
  const health = new HealthImplementation();
  if (options.health ?? true) health.addToServer(server);
  if (options.reflection ?? true)
    addReflection(
      server,
      services.map(({ desc }) => desc),
    );

  const setServing = (serving: boolean): void => {
    for (const name of ["", ...services.map(({ desc }) => desc.typeName)]) {
      health.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
    }
  };

  let address: string | undefined;
  return {
    name: "grpc",
    setServing,
    start: async () => {
      address = await listen(server, options.address);
      setServing(true);
    },
    address: () => {
      if (address === undefined) throw new SlipwayError("NotReady", "The API has no address before it has started.");
      return address;
    },
    stop: async (deadlineMs) => {
      setServing(false);
      streams.endAll();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = clock.schedule(deadlineMs, () => {
        logger.warn({ deadlineMs }, "calls cut at the deadline of the stop");
        server.forceShutdown();
        resolve();
      });
      server.tryShutdown(() => resolve());
      await promise;
      timer.cancel();
    },
  };
};
