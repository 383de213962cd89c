import pg from "pg";

export const OWNER_ROLE = "slipway_owner";
export const OWNER_DATABASE = "slipway";

/** True once the server takes connections; throws when it refuses ours for good. */
export const serverAnswers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code?.startsWith("28")) throw error;
    return false;
  } finally {
    await client.end().catch(() => {});
  }
};

/** Makes the owner's role and database unless they exist. The owner is no superuser: it may make roles, nothing more. */
export const prepareOwner = async (adminUrl: string, password: string): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    const role = await client.query("select from pg_roles where rolname = $1", [OWNER_ROLE]);
    if (role.rowCount === 0) {
      await client.query(`create role ${OWNER_ROLE} login createrole createdb password ${pg.escapeLiteral(password)}`);
    }
    const database = await client.query("select from pg_database where datname = $1", [OWNER_DATABASE]);
    if (database.rowCount === 0) await client.query(`create database ${OWNER_DATABASE} owner ${OWNER_ROLE}`);
  } finally {
    await client.end();
  }
};
