import { migrate, type PostgresServer, startPostgresServer, urlForRole } from "@slipway/eventlog";
import { asSlipwayError, backoffDelayMs, delay } from "@slipway/kernel";
import type { Credentials } from "./credentials.ts";
import { type Installation, pathsOf } from "./installation.ts";
import type { PartState } from "./kept-process.ts";

const BACKOFF = { initialMs: 200, maxMs: 15_000 };
const STOP_MS = 10_000;

/** Keeps Postgres running, and its schema at today's. */
export class KeptPostgres {
  readonly #installation: Installation;
  readonly #credentials: Credentials;
  readonly #onEvent: (message: string, fields: Record<string, unknown>) => void;
  readonly #stopping = new AbortController();
  #server: PostgresServer | undefined;
  #keeping: Promise<void> | undefined;
  #restarts = 0;
  #message: string | undefined;

  constructor(
    installation: Installation,
    credentials: Credentials,
    onEvent: (message: string, fields: Record<string, unknown>) => void,
  ) {
    this.#installation = installation;
    this.#credentials = credentials;
    this.#onEvent = onEvent;
  }

  state(): PartState {
    const state = this.#stopping.signal.aborted ? "stopped" : this.#server === undefined ? "starting" : "ready";
    return {
      name: "postgres",
      state,
      restarts: this.#restarts,
      ...(this.#server === undefined ? {} : { pid: this.#server.pid }),
      ...(this.#message === undefined ? {} : { message: this.#message }),
    };
  }

  /** Starts it and answers the connection of the role `slipway_service`. */
  async start(): Promise<string> {
    const server = await this.#launch();
    await migrate({ ownerUrl: server.url, servicePassword: this.#credentials.postgresService });
    this.#keeping = this.#keep(server);
    return urlForRole(server.url, "slipway_service", this.#credentials.postgresService);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#server?.stop(STOP_MS);
    await this.#keeping;
  }

  async #launch(): Promise<PostgresServer> {
    const paths = pathsOf(this.#installation);
    this.#server = await startPostgresServer({
      dataDir: paths.postgresData,
      socketDir: paths.postgresSocket,
      logFile: `${paths.logs}/postgres.log`,
      password: this.#credentials.postgresOwner,
    });
    this.#message = undefined;
    return this.#server;
  }

  async #keep(first: PostgresServer): Promise<void> {
    const { signal } = this.#stopping;
    let server: PostgresServer | undefined = first;
    let failures = 0;
    while (!signal.aborted) {
      if (server !== undefined) {
        const exit = await server.exited;
        this.#server = undefined;
        if (signal.aborted) return;
        this.#restarts++;
        this.#onEvent("part ended", { part: "postgres", exit });
      }
      try {
        server = await this.#launch();
        failures = 0;
      } catch (cause) {
        server = undefined;
        failures++;
        this.#message = asSlipwayError(cause).message;
        this.#onEvent("part did not start", { part: "postgres", error: this.#message });
        await delay(backoffDelayMs(BACKOFF, failures), signal).catch(() => {});
      }
    }
  }
}
