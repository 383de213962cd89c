import { randomUUID } from "node:crypto";
import { startTestPostgres, type TestDatabase, type TestPostgres } from "@slipway/testkit";
import { runSql } from "./run-sql.ts";

let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = await postgres.createDatabase();
}, 60_000);
afterAll(() => postgres.stop());

const sqlState = (url: string, text: string, values?: readonly unknown[]) =>
  runSql(url, text, values).then(
    () => "done",
    (error: { code: string }) => error.code,
  );

const APPEND = "select slipway.append_to_stream($1, $2, $3, $4) as position";
const oneEvent = (id = randomUUID()) => JSON.stringify([{ id, type: "PodCreated", data: {} }]);
const META = JSON.stringify({ actor: "psql" });

describe("the role of the services", () => {
  it.each([
    "select * from slipway.events",
    "insert into slipway.events values (99, 'pod/demo/a', 1, gen_random_uuid(), 'PodCreated', '{}', '{}', now())",
    "update slipway.events set data = '{}'",
    "delete from slipway.events",
    "truncate slipway.events",
    "update slipway.head set position = 0",
    "select * from slipway.snapshots",
    "delete from slipway.migrations",
    "create table slipway.mine ()",
    "drop function slipway.read_head()",
    "select slipway.known_ids_verdict('{}', 1)",
  ])("may not: %s", async (statement) => {
    expect(await sqlState(database.serviceUrl, statement)).toBe("42501");
  });

  it("is no superuser and may make neither roles nor databases", async () => {
    const [role] = await runSql(
      database.serviceUrl,
      "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls from pg_roles where rolname = current_user",
    );
    expect(Object.values(role ?? {})).toEqual([false, false, false, false, false]);
  });

  it("waits for locks and statements within bounds", async () => {
    const [limits] = await runSql(
      database.serviceUrl,
      `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
              current_setting('idle_in_transaction_session_timeout') as idle`,
    );
    expect(limits).toEqual({ lock: "5s", statement: "1min", idle: "10s" });
  });

  it("appends through the function that raises", async () => {
    const rows = await runSql(database.serviceUrl, APPEND, ["pod/demo/raw", 0, oneEvent(), META]);
    expect(Number(rows[0]?.position)).toBeGreaterThan(0);
  });
});

describe("append_to_stream", () => {
  it("raises SQLSTATE SW001 with stream, expected and actual version as JSON in DETAIL", async () => {
    await runSql(database.serviceUrl, APPEND, ["pod/demo/conflict", 0, oneEvent(), META]);
    const error = await runSql(database.serviceUrl, APPEND, ["pod/demo/conflict", 0, oneEvent(), META]).catch(
      (reason: { code: string; detail: string }) => reason,
    );
    expect(error).toMatchObject({ code: "SW001" });
    expect(JSON.parse("detail" in error ? String(error.detail) : "")).toEqual({
      stream: "pod/demo/conflict",
      expected: 0,
      actual: 1,
    });
  });

  it("answers a repetition with the first position, and raises SW002 for ids used otherwise", async () => {
    const id = randomUUID();
    const call = (events: string) => runSql(database.serviceUrl, APPEND, ["pod/demo/again", null, events, META]);
    const first = await call(oneEvent(id));
    expect(await call(oneEvent(id))).toEqual(first);
    const mixed = JSON.stringify([...JSON.parse(oneEvent(id)), ...JSON.parse(oneEvent())]);
    await expect(call(mixed)).rejects.toMatchObject({ code: "SW002" });
    await expect(call("[]")).rejects.toMatchObject({ code: "SW004" });
  });
});

describe("the table of events", () => {
  it.each(["update slipway.events set type = 'X'", "delete from slipway.events", "truncate slipway.events"])(
    "refuses even its owner: %s",
    async (statement) => {
      expect(await sqlState(database.ownerUrl, statement)).toBe("SW003");
    },
  );
});
