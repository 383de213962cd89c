import { startTestPostgres, type TestPostgres } from "@slipway/testkit";
import { CONTRACT_TYPES } from "./contract/harness.ts";
import { describeEventLog } from "./contract.ts";
import { PostgresEventLog } from "./postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres.stop());

describeEventLog("the log in Postgres", async () => {
  const { serviceUrl } = await postgres.createDatabase();
  return async (options) => new PostgresEventLog({ url: serviceUrl, knownTypes: CONTRACT_TYPES, ...options });
});
