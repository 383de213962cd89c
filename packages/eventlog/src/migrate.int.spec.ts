import { startTestPostgres, type TestDatabase, type TestPostgres } from "@slipway/testkit";
import { CONTRACT_TYPES, event, META, refusal } from "./contract/harness.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS, SCHEMA_VERSION } from "./migrations.ts";
import { PostgresEventLog } from "./postgres.ts";
import { runSql } from "./run-sql.ts";

let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
beforeEach(async () => {
  database = await postgres.createEmptyDatabase();
});
afterAll(() => postgres.stop());

const ALL = MIGRATIONS.map(({ id }) => id);

describe("migrate", () => {
  it("runs each step once, in order, also when several begin together", async () => {
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate({ ownerUrl: database.ownerUrl })));
    expect(runs.toSorted((a, b) => b.length - a.length)).toEqual([ALL, [], [], []]);
    expect(await migrate({ ownerUrl: database.ownerUrl })).toEqual([]);
    const rows = await runSql(database.ownerUrl, "select id, name, breaking from slipway.migrations order by id");
    expect(rows).toEqual(MIGRATIONS.map(({ id, name, breaking }) => ({ id, name, breaking })));
  });

  it("keeps the events of a log that it finds", async () => {
    await migrate({ ownerUrl: database.ownerUrl, servicePassword: "service" });
    const log = new PostgresEventLog({ url: database.serviceUrl, knownTypes: CONTRACT_TYPES });
    await log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
    await migrate({ ownerUrl: database.ownerUrl });
    expect(await log.readStream("pod/demo/a")).toHaveLength(1);
    await log.close();
  });

  it("takes back a step that fails, so that the next run begins it anew", async () => {
    const broken = [
      ...MIGRATIONS,
      { id: 1_000, name: "broken", breaking: true, files: ["migrations.sql", "no-such.sql"] },
    ];
    await expect(migrate({ ownerUrl: database.ownerUrl, migrations: broken })).rejects.toThrow();
    const rows = await runSql(database.ownerUrl, "select id from slipway.migrations");
    expect(rows.map(({ id }) => id)).toEqual(ALL);
  });

  it("refuses a log that a newer version has changed for good, and so does every reader", async () => {
    await migrate({ ownerUrl: database.ownerUrl, servicePassword: "service" });
    await runSql(database.ownerUrl, "insert into slipway.migrations values (1000, 'harmless', false)");
    expect(await migrate({ ownerUrl: database.ownerUrl })).toEqual([]);
    await runSql(database.ownerUrl, "insert into slipway.migrations values (1001, 'from the future', true)");
    expect(await refusal(migrate({ ownerUrl: database.ownerUrl }))).toMatchObject({
      code: "SchemaTooNew",
      class: "Fatal",
      fields: { schema: 1_001, known: SCHEMA_VERSION },
    });
    const log = new PostgresEventLog({ url: database.serviceUrl, knownTypes: CONTRACT_TYPES });
    expect((await refusal(log.head())).code).toBe("SchemaTooNew");
    const append = log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
    expect((await refusal(append)).code).toBe("SchemaTooNew");
    await log.close();
  });

  it("is awaited by services: without it the log is not ready", async () => {
    await migrate({ ownerUrl: (await postgres.createEmptyDatabase()).ownerUrl, servicePassword: "service" });
    const log = new PostgresEventLog({ url: database.serviceUrl, knownTypes: CONTRACT_TYPES });
    expect(await refusal(log.head())).toMatchObject({ code: "NotReady", class: "Transient" });
    await migrate({ ownerUrl: database.ownerUrl });
    expect(await log.head()).toBe(0);
    await log.close();
  });

  it("says that a login is wrong instead of trying for ever", async () => {
    const log = new PostgresEventLog({
      url: database.serviceUrl.replace(":service@", ":wrong@"),
      knownTypes: CONTRACT_TYPES,
    });
    expect(await refusal(log.head())).toMatchObject({ code: "InvalidConfig", class: "Fatal" });
    await log.close();
  });
});
