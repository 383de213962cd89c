import { startTestPostgres, type TestPostgres } from "@slipway/testkit";
import { PostgresEventLog } from "./postgres.ts";
import { describeSnapshots } from "./snapshots-contract.ts";

let postgres: TestPostgres;
const logs: PostgresEventLog[] = [];
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(async () => {
  await Promise.all(logs.map((log) => log.close()));
  await postgres.stop();
});

describeSnapshots("snapshots in Postgres", async () => {
  const { serviceUrl } = await postgres.createDatabase();
  const log = new PostgresEventLog({ url: serviceUrl, knownTypes: new Set() });
  logs.push(log);
  return log.snapshots;
});
