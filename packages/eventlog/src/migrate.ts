import { readFile } from "node:fs/promises";
import { SlipwayError } from "@slipway/kernel";
import pg from "pg";
import { logFailure } from "./failure.ts";
import { MIGRATIONS, type Migration, SCHEMA_VERSION } from "./migrations.ts";

export interface MigrateOptions {
  /** The owner's connection: it owns the database and may make roles. */
  readonly ownerUrl: string;
  /** Sets the password of the role `slipway_service`, as which every service connects. */
  readonly servicePassword?: string;
  /** For tests of the migrator itself. */
  readonly migrations?: readonly Migration[];
}

/** Any number will do, as long as it is ours alone within the database. */
const LOCK = 7_547_929_001;

/**
 * Brings the database to the schema that this code knows and answers the numbers of the steps it ran. Several may call
 * it at once: one works, the others wait and find nothing to do. Fails with `SchemaTooNew` when a newer Slipway has
 * made a breaking step already.
 */
export const migrate = async (options: MigrateOptions): Promise<readonly number[]> => {
  const client = new pg.Client({ connectionString: options.ownerUrl, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(await sql("migrations.sql"));
    const applied = await runMissing(client, options.migrations ?? MIGRATIONS);
    if (options.servicePassword !== undefined) await setPassword(client, options.servicePassword);
    return applied;
  } catch (error) {
    throw logFailure(error);
  } finally {
    await client.end().catch(() => {});
  }
};

const runMissing = async (client: pg.Client, migrations: readonly Migration[]): Promise<readonly number[]> => {
  const { rows } = await client.query<{ id: number; breaking: boolean }>("select id, breaking from slipway.migrations");
  refuseNewer(Math.max(0, ...rows.filter(({ breaking }) => breaking).map(({ id }) => id)), migrations.at(-1)?.id ?? 0);
  const done = new Set(rows.map(({ id }) => id));
  const missing = migrations.filter(({ id }) => !done.has(id));
  for (const migration of missing) await run(client, migration);
  return missing.map(({ id }) => id);
};

const run = async (client: pg.Client, { id, name, breaking, files }: Migration): Promise<void> => {
  await client.query("begin");
  try {
    // First the row: should two migrators get here in spite of the lock, the second fails before it changes anything.
    await client.query("insert into slipway.migrations (id, name, breaking) values ($1, $2, $3)", [id, name, breaking]);
    for (const file of files) await client.query(await sql(file));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
};

/** Throws `SchemaTooNew` when the database has a breaking step above `known`. */
export const refuseNewer = (newestBreaking: number, known: number = SCHEMA_VERSION): void => {
  if (newestBreaking <= known) return;
  throw new SlipwayError(
    "SchemaTooNew",
    `The log has schema ${newestBreaking}, but this version of Slipway knows only ${known}: run the newer Slipway that made it.`,
    { fields: { schema: newestBreaking, known } },
  );
};

const setPassword = async (client: pg.Client, password: string): Promise<void> => {
  await client.query(`alter role slipway_service login password ${pg.escapeLiteral(password)}`);
};

const sql = (file: string): Promise<string> => readFile(new URL(`./sql/${file}`, import.meta.url), "utf8");
