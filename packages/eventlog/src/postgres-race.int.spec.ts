import { spawn } from "node:child_process";
import { once } from "node:events";
import { startTestPostgres, type TestPostgres } from "@slipway/testkit";
import { decideAndAppend } from "./command-handler.ts";
import { CONTRACT_TYPES, collect, event, META } from "./contract/harness.ts";
import { PostgresEventLog } from "./postgres.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(() => postgres.stop());

const HOT = "node/_/hot";

/** A second process that appends `count` events to the hot stream, each at the version that it has just read. */
const OTHER_PROCESS = `
  const [url, count, modUrl] = process.argv.slice(1);
  const { decideAndAppend, PostgresEventLog } = await import(modUrl);
  const log = new PostgresEventLog({ url, knownTypes: new Set(["PodCreated"]) });
  for (let i = 0; i < Number(count); i++) {
    await decideAndAppend({
      log, meta: { actor: "service:other" }, attempts: 1000, refresh: () => {},
      decide: async () => [{
        stream: "${HOT}",
        expected: (await log.readStream("${HOT}")).length,
        events: [{ id: crypto.randomUUID(), type: "PodCreated", data: {} }],
      }],
    });
  }
  await log.close();
`;

describe("racing appenders", () => {
  it("never lose, repeat or misplace an event, over two processes and eight writers", async () => {
    const { serviceUrl } = await postgres.createDatabase();
    const log = new PostgresEventLog({ url: serviceUrl, knownTypes: CONTRACT_TYPES });
    const modUrl = new URL("./mod.ts", import.meta.url).href;
    const other = spawn(
      process.execPath,
      ["--input-type=module-typescript", "-e", OTHER_PROCESS, serviceUrl, "60", modUrl],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const exited = once(other, "exit");
    let conflicts = 0;
    const writer = async (name: number) => {
      for (let i = 0; i < 30; i++) {
        await decideAndAppend({
          log,
          meta: META,
          attempts: 1_000,
          refresh: () => {
            conflicts++;
          },
          decide: async () => [
            { stream: HOT, expected: (await log.readStream(HOT)).length, events: [event()] },
            { stream: `pod/demo/own-${name}`, expected: i, events: [event("PodScheduled")] },
          ],
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
    expect(await exited).toEqual([0, null]);

    expect(conflicts).toBeGreaterThan(0);
    const all = await collect(log.read(1));
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 8 * 30 * 2 + 60 }, (_, i) => i + 1));
    const hot = await log.readStream(HOT);
    expect(hot.map(({ version }) => version)).toEqual(Array.from({ length: 8 * 30 + 60 }, (_, i) => i + 1));
    expect(hot.filter(({ meta }) => meta.actor === "service:other")).toHaveLength(60);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    await log.close();
  }, 60_000);
});
