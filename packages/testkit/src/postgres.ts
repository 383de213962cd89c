import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate, type PostgresServer, runSql, startPostgresServer, urlForRole } from "@slipway/eventlog";

/** A database of its own with the schema of the log. Its URLs stay good over restarts of the server. */
export interface TestDatabase {
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** As `slipway_service`, which may only call functions. */
  readonly serviceUrl: string;
}

/** A real Postgres 18 for the tests of one file. */
export interface TestPostgres {
  /** A superuser's connection. */
  readonly adminUrl: string;
  createDatabase(): Promise<TestDatabase>;
  /** A database without any schema. */
  createEmptyDatabase(): Promise<TestDatabase>;
  /** Stops it in an orderly way and starts it again. */
  restart(): Promise<void>;
  /** As a crash would; `start` brings it back. */
  kill(): Promise<void>;
  /** After `kill` or `halt`. */
  start(): Promise<void>;
  /** An orderly stop that keeps the data. */
  halt(): Promise<void>;
  /** Ends it for good and removes all it had on disk. */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** Where the data goes; made and removed by the caller. Default: a new temporary folder. */
  readonly folder?: string;
  /** Settings by their names in postgresql.conf. `fsync` stays on by default, as in life. */
  readonly settings?: Readonly<Record<string, string>>;
}

const SERVICE_PASSWORD = "service";
const TEMPLATE = "slipway_template";

/** Starts a server on a socket in a folder of its own. Nothing of it outlives this process, however that ends. */
export const startTestPostgres = async (options: TestPostgresOptions = {}): Promise<TestPostgres> => {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "slipway-postgres-"));
  // Postgres runs as a user that must be able to pass.
  chmodSync(folder, 0o755);
  const release = removeAfterDeath(folder);
  const start = (): Promise<PostgresServer> =>
    startPostgresServer({
      dataDir: join(folder, "data"),
      socketDir: join(folder, "run"),
      logFile: join(folder, "log"),
      settings: { shared_buffers: "32MB", max_wal_size: "128MB", min_wal_size: "32MB", ...options.settings },
    });
  let server = await start();
  let databases = 0;
  let template: Promise<void> | undefined;

  const create = async (from: string): Promise<TestDatabase> => {
    const name = `test_${++databases}`;
    await runSql(server.url, `create database ${name} template ${from} strategy wal_log`);
    const ownerUrl = inDatabase(server.url, name);
    return { ownerUrl, serviceUrl: urlForRole(ownerUrl, "slipway_service", SERVICE_PASSWORD) };
  };
  const makeTemplate = async (): Promise<void> => {
    await runSql(server.url, `create database ${TEMPLATE}`);
    await migrate({ ownerUrl: inDatabase(server.url, TEMPLATE), servicePassword: SERVICE_PASSWORD });
  };

  return {
    adminUrl: server.adminUrl,
    createEmptyDatabase: () => create("template1"),
    createDatabase: async () => {
      template ??= makeTemplate();
      await template;
      return create(TEMPLATE);
    },
    restart: async () => {
      await server.stop();
      server = await start();
    },
    start: async () => {
      server = await start();
    },
    halt: () => server.stop(),
    kill: () => server.kill(),
    stop: async () => {
      // Nothing of it is wanted any more, so it need not write it out first.
      await server.kill();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
      release();
    },
  };
};

const inDatabase = (url: string, name: string): string => url.replace(/[^/]*$/, name);

/** A shell in a session of its own that waits for our end, then stops the server and removes what is left. */
const removeAfterDeath = (folder: string): (() => void) => {
  const script = `
    cat >/dev/null
    if pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null); then
      kill -QUIT "$pid" 2>/dev/null
      while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    fi
    rm -rf "$1"`;
  const guard = spawn("sh", ["-c", script, "guard", folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  guard.unref();
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return () => guard.stdin.end();
};
