import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, createInbox, errors, type NatsConnection } from "@nats-io/transport-node";
import { abortable, deferred } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import { translate } from "./nats-errors.ts";

export interface LinkOptions {
  /** `nats://host:port`, or `host:port`. */
  readonly servers: string | readonly string[];
  readonly user?: string;
  readonly password?: string;
  /** Shown by the server's monitoring. */
  readonly name: string;
  /** Where answers to this connection's own requests go; a node agent may listen only below its own. */
  readonly inboxPrefix: string;
  readonly logger: BusLogger;
}

/** How long the first connection and any request may take. */
const TIMEOUT_MS = 5_000;
const RECONNECT_WAIT_MS = 250;
/** With `MOST_PINGS_OUT`, a server that hangs is noticed within 15 s; streams notice by their own heartbeats, sooner. */
const PING_EVERY_MS = 5_000;
const MOST_PINGS_OUT = 2;

/** One connection to NATS that comes back for ever, with its coming and going as something to wait for. */
export class NatsLink {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  readonly #inboxPrefix: string;
  readonly #closing = new AbortController();
  readonly #onLost = new Set<() => void>();
  readonly #onFound = new Set<() => void>();
  #connected = true;

  private constructor(nc: NatsConnection, jsm: JetStreamManager, inboxPrefix: string, logger: BusLogger) {
    this.nc = nc;
    this.js = jetstream(nc, { timeout: TIMEOUT_MS });
    this.jsm = jsm;
    this.#inboxPrefix = inboxPrefix;
    this.#watch(logger).catch((error: unknown) => logger.error({ err: error }, "The watch over the bus has ended"));
  }

  /** Fails with `BusUnavailable` or `Unauthenticated` when the first connection does; later losses are waited out. */
  static async open(options: LinkOptions): Promise<NatsLink> {
    const { servers, user, password, name, inboxPrefix, logger } = options;
    try {
      const nc = await connect({
        servers: typeof servers === "string" ? servers : [...servers],
        name,
        inboxPrefix,
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { pass: password }),
        timeout: TIMEOUT_MS,
        maxReconnectAttempts: -1,
        reconnectDelayHandler: () => RECONNECT_WAIT_MS,
        pingInterval: PING_EVERY_MS,
        maxPingOut: MOST_PINGS_OUT,
        // A password that is being changed must not end the connection for good.
        ignoreAuthErrorAbort: true,
        noAsyncTraces: true,
      });
      const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: TIMEOUT_MS });
      return new NatsLink(nc, jsm, inboxPrefix, logger);
    } catch (error) {
      throw translate(error, `be reached at ${String(servers)}`);
    }
  }

  /** Aborts when the connection is closed for good. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** A new subject that only this connection listens on. */
  inbox(): string {
    return createInbox(this.#inboxPrefix);
  }

  connected(): boolean {
    return this.#connected && !this.nc.isClosed();
  }

  /** Resolves at once when connected; rejects with the signal's reason. */
  async whenConnected(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!this.connected()) {
      await abortable(AbortSignal.any([signal, this.closing]), (resolve) => {
        const found = () => {
          this.#onFound.delete(found);
          resolve();
        };
        this.#onFound.add(found);
        return () => this.#onFound.delete(found);
      });
    }
  }

  /** Calls `listener` whenever what is under way is lost with a connection, until the returned function is called. */
  onLost(listener: () => void): () => void {
    this.#onLost.add(listener);
    return () => this.#onLost.delete(listener);
  }

  /** Awaits a request, or fails as soon as the connection is lost: the library would wait for an answer that cannot come. */
  async untilLost<T>(request: () => Promise<T>): Promise<T> {
    const lost = deferred<never>();
    const forget = this.onLost(() => lost.reject(new errors.ConnectionError("the connection was lost")));
    try {
      return await Promise.race([request(), lost.promise]);
    } finally {
      forget();
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    // What was sent without waiting for an answer goes out first.
    if (this.connected()) await Promise.race([this.nc.flush(), this.nc.closed()]).catch(() => {});
    await this.nc.close();
  }

  async #watch(logger: BusLogger): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === "disconnect" || status.type === "close") {
        if (this.#connected && !this.closing.aborted) logger.warn({}, "The connection to the bus is lost");
        this.#connected = false;
        for (const listener of [...this.#onLost]) listener();
      } else if (status.type === "reconnect") {
        this.#connected = true;
        logger.info({ server: status.server }, "The connection to the bus is back");
        // What was sent after the loss, before it was known here, never left: it is lost as well.
        for (const listener of [...this.#onLost]) listener();
        for (const listener of [...this.#onFound]) listener();
      } else if (status.type === "error") {
        logger.warn({ err: status.error }, "The bus has refused something");
      }
    }
    this.#connected = false;
    for (const listener of [...this.#onLost]) listener();
  }
}
