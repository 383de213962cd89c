import pg from "pg";

/** Runs statements on a connection of its own: for repairs and tests, not for services. Errors are Postgres's own. */
export const runSql = async <Row extends Record<string, unknown> = Record<string, unknown>>(
  url: string,
  text: string,
  values?: readonly unknown[],
): Promise<readonly Row[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Row>(text, values && [...values])).rows;
  } finally {
    await client.end().catch(() => {});
  }
};
