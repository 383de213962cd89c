import { SlipwayError } from "@slipway/kernel";
import pg from "pg";
import { refuseNewer } from "./migrate.ts";

/** How connections to the log are made. */
export interface SessionOptions {
  /** As the role `slipway_service`. */
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** The settings of every connection: bounded waits on both sides, so that a lost network cannot hold a caller. */
export const sessionConfig = ({ url, applicationName = "slipway" }: SessionOptions, purpose: string) => ({
  connectionString: url,
  application_name: `${applicationName} ${purpose}`,
  connectionTimeoutMillis: 5_000,
  query_timeout: 30_000,
  statement_timeout: 25_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
});

/** Opens a connection and makes sure that this code understands the log behind it. The caller owns it. */
export const openSession = async (options: SessionOptions, purpose: string): Promise<pg.Client> => {
  const client = new pg.Client(sessionConfig(options, purpose));
  // A broken connection shows in the next call; without a listener it would end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    await checkSchema(client);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
};

/** Throws `SchemaTooNew` when a newer Slipway has changed the log beyond this code, `NotReady` when nobody has migrated it. */
export const checkSchema = async (client: pg.ClientBase): Promise<void> => {
  const { rows } = await client.query<{ newest: number | null }>("select slipway.read_schema() as newest");
  const newest = rows[0]?.newest ?? 0;
  refuseNewer(newest);
  if (newest === 0) {
    throw new SlipwayError("NotReady", "The log's database has no schema yet: run its migration first.", {
      retryAfterMs: 1_000,
    });
  }
};
