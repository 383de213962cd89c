import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Clock, delay, raceSignal, SlipwayError, systemClock } from "@slipway/kernel";
import { postgresUrl, type ServerAddress } from "./address.ts";
import { postgresBinaries } from "./binaries.ts";
import { OWNER_DATABASE, OWNER_ROLE, prepareOwner, serverAnswers } from "./bootstrap.ts";
import { chooseIdentity, giveTo, type Identity, runAs } from "./identity.ts";
import { initCluster } from "./init-cluster.ts";
import { ownerPassword } from "./password.ts";
import { clearStaleLock } from "./stale-lock.ts";
import { failureFromLog } from "./start-failure.ts";

/** Exactly one place to listen: a folder for a unix socket, or a port on 127.0.0.1. */
type Listen =
  | { readonly socketDir: string; readonly port?: undefined }
  | { readonly port: number; readonly socketDir?: undefined };

export type PostgresServerOptions = Listen & {
  /** The cluster's own folder; made at the first start. */
  readonly dataDir: string;
  /** Where the server writes its messages; appended to. */
  readonly logFile: string;
  /** The owner's. By default made at the first start and kept in `<dataDir>.password`. */
  readonly password?: string;
  /** More settings, by their names in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly startTimeoutMs?: number;
  readonly clock?: Clock;
};

/** A running Postgres that belongs to us alone. */
export interface PostgresServer {
  /** The owner's connection: owner of the database `slipway`, may make roles, no superuser. */
  readonly url: string;
  /** A superuser's connection, for tests and repairs. */
  readonly adminUrl: string;
  readonly pid: number;
  /** Settles when the server's process ends, for whatever reason. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Fast shutdown: open transactions roll back, everything committed is kept. Ends it the hard way after `deadlineMs`. */
  stop(deadlineMs?: number): Promise<void>;
  /** As a crash would: no shutdown, recovery at the next start. */
  kill(): Promise<void>;
}

/**
 * Starts the packaged Postgres over `dataDir`, making the cluster when there is none, and waits until it answers. The
 * same call after a stop, a crash or a reboot finds everything as it was; a server left over from before is replaced.
 * Fails with `PortTaken`, `StartFailed` (the end of its log in the message) or `MissingProgram`.
 */
export const startPostgresServer = async (options: PostgresServerOptions): Promise<PostgresServer> => {
  const clock = options.clock ?? systemClock;
  const dataDir = resolve(options.dataDir);
  const binaries = postgresBinaries();
  mkdirSync(dirname(dataDir), { recursive: true });
  const identity = chooseIdentity(dataDir, binaries.postgres);
  const address: ServerAddress = prepareAddress(options, identity);
  const password = options.password ?? ownerPassword(`${dataDir}.password`);
  if (!existsSync(join(dataDir, "PG_VERSION"))) await initCluster({ dataDir, binaries, identity, password });
  await clearStaleLock(dataDir, address.socketDir && join(address.socketDir, `.s.PGSQL.${address.port}.lock`), clock);

  const logBytes = existsSync(options.logFile) ? statSync(options.logFile).size : 0;
  const child = launch(binaries.postgres, dataDir, address, identity, options);
  const exited = exitOf(child);
  const adminUrl = postgresUrl(address, "slipway_admin", password, "postgres");
  try {
    await untilAnswering(adminUrl, exited, options.startTimeoutMs ?? 60_000, clock);
    await prepareOwner(adminUrl, password);
  } catch (cause) {
    child.kill("SIGQUIT");
    await exited;
    throw failureFromLog(options.logFile, logBytes, address, cause);
  }
  return {
    url: postgresUrl(address, OWNER_ROLE, password, OWNER_DATABASE),
    adminUrl,
    pid: child.pid ?? 0,
    exited,
    stop: (deadlineMs = 10_000) => stop(child, exited, deadlineMs, clock),
    kill: async () => {
      child.kill("SIGQUIT");
      await exited;
    },
  };
};

const prepareAddress = (listen: Listen, identity: Identity): ServerAddress => {
  if (listen.socketDir === undefined) return { port: listen.port };
  const socketDir = resolve(listen.socketDir);
  const path = join(socketDir, ".s.PGSQL.5432");
  if (Buffer.byteLength(path) > 107) {
    throw new SlipwayError(
      "InvalidConfig",
      `The socket ${path} would have a name longer than the 107 bytes that Linux allows: choose a shorter state folder.`,
    );
  }
  mkdirSync(socketDir, { recursive: true });
  giveTo(identity, socketDir);
  return { socketDir, port: 5432 };
};

const launch = (
  program: string,
  dataDir: string,
  address: ServerAddress,
  identity: Identity,
  { logFile, settings }: PostgresServerOptions,
): ChildProcess => {
  const all: Record<string, string> = {
    ...SETTINGS,
    port: String(address.port),
    listen_addresses: address.socketDir === undefined ? "127.0.0.1" : "",
    unix_socket_directories: address.socketDir ?? "",
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const run = runAs(identity, program, ["-D", dataDir, ...flags]);
  mkdirSync(dirname(resolve(logFile)), { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  try {
    // Its own process group: a Ctrl-C in the terminal must not stop the store before the services that write to it.
    return spawn(run.command, run.args, {
      ...run.options,
      detached: true,
      cwd: dirname(dataDir),
      stdio: ["ignore", log, log],
    });
  } finally {
    closeSync(log);
  }
};

/** For a log on a shared small machine: durable commits, no parallel queries, few helper processes. */
const SETTINGS = {
  max_connections: "200",
  shared_buffers: "128MB",
  work_mem: "16MB",
  max_wal_size: "1GB",
  io_method: "sync",
  jit: "off",
  max_parallel_workers_per_gather: "0",
  max_logical_replication_workers: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  lc_messages: "C",
  // Statements may hold secrets.
  log_min_error_statement: "panic",
  log_checkpoints: "off",
};

const exitOf = (child: ChildProcess): PostgresServer["exited"] =>
  new Promise((done) => {
    child.once("error", () => done({ code: null, signal: null }));
    child.once("exit", (code, signal) => done({ code, signal }));
  });

const untilAnswering = async (
  url: string,
  exited: PostgresServer["exited"],
  timeoutMs: number,
  clock: Clock,
): Promise<void> => {
  const ended = exited.then(({ code, signal }) => {
    throw new Error(`The server ended with ${signal ?? code}.`);
  });
  ended.catch(() => {});
  const deadline = clock.now() + timeoutMs;
  while (!(await Promise.race([serverAnswers(url), ended]))) {
    if (clock.now() > deadline) throw new Error(`The server did not answer within ${timeoutMs} ms.`);
    await Promise.race([delay(25, undefined, clock), ended]);
  }
};

const stop = async (
  child: ChildProcess,
  exited: PostgresServer["exited"],
  deadlineMs: number,
  clock: Clock,
): Promise<void> => {
  child.kill("SIGINT");
  const late = new AbortController();
  const timer = clock.schedule(deadlineMs, () => late.abort());
  await raceSignal(exited, late.signal).catch(() => child.kill("SIGQUIT"));
  timer.cancel();
  await exited;
};
