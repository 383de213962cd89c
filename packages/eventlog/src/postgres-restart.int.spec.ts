import { deferred, type StoredEvent } from "@slipway/kernel";
import { startTestPostgres, type TestDatabase, type TestPostgres } from "@slipway/testkit";
import { CONTRACT_TYPES, collect, event, META, refusal } from "./contract/harness.ts";
import { PostgresEventLog } from "./postgres.ts";

let postgres: TestPostgres;
let database: TestDatabase;
beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
beforeEach(async () => {
  database = await postgres.createDatabase();
});
afterAll(() => postgres.stop());

const openLog = (patienceMs: number) =>
  new PostgresEventLog({ url: database.serviceUrl, knownTypes: CONTRACT_TYPES, patienceMs, pollMs: 500 });

describe("a Postgres that goes away", () => {
  it("loses, repeats and half-stores nothing under load, over a restart and two crashes", async () => {
    const log = openLog(30_000);
    const acknowledged = new Map<string, number>();
    const stop = new AbortController();
    const enough = new Map<number, () => void>();
    const writer = async (name: number) => {
      for (let version = 0; !stop.signal.aborted; version += 2) {
        const events = [event(), event()];
        const { positions } = await log.append([{ stream: `pod/demo/w-${name}`, expected: version, events }], META);
        events.forEach(({ id }, i) => void acknowledged.set(id, positions[i] ?? 0));
        for (const [count, reached] of enough) if (acknowledged.size >= count) reached();
      }
    };
    const stored = (count: number) => {
      const { promise, resolve } = deferred();
      enough.set(acknowledged.size + count, resolve);
      return promise;
    };
    const following = openLog(30_000);
    const followed: StoredEvent[] = [];
    const unfollow = new AbortController();
    const follower = (async () => {
      for await (const batch of following.follow(1, unfollow.signal)) followed.push(...batch);
    })();

    const writers = Array.from({ length: 20 }, (_, name) => writer(name));
    await stored(200);
    await postgres.restart();
    await stored(200);
    await postgres.kill();
    await postgres.start();
    await stored(200);
    await postgres.kill();
    await postgres.start();
    await stored(200);
    stop.abort();
    await Promise.all(writers);

    const all = await collect(log.read(1));
    expect(all.map(({ position }) => position)).toEqual(all.map((_, i) => i + 1));
    expect(new Map(all.map(({ id, position }) => [id, position]))).toEqual(acknowledged);
    while (followed.length < all.length) await new Promise((next) => setImmediate(next));
    unfollow.abort();
    await follower;
    expect(followed.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    await Promise.all([log.close(), following.close()]);
  }, 60_000);

  it("makes appends fail as Transient after their patience, reads at once, and is found again when it is back", async () => {
    const log = openLog(300);
    const batch = [{ stream: "pod/demo/a", expected: 0, events: [event()] }];
    await log.append([{ stream: "pod/demo/warm", expected: 0, events: [event()] }], META);
    await postgres.halt();
    const [appended, read] = await Promise.all([refusal(log.append(batch, META)), refusal(log.head())]);
    expect(appended).toMatchObject({ code: "LogUnavailable", class: "Transient", retryAfterMs: 1_000 });
    expect(read).toMatchObject({ code: "LogUnavailable", class: "Transient" });
    await postgres.start();
    expect(await log.append(batch, META)).toMatchObject({ position: 2, duplicate: false });
    expect(await log.head()).toBe(2);
    await log.close();
  }, 30_000);

  it("lets an append wait that comes while it is away", async () => {
    const log = openLog(30_000);
    await postgres.halt();
    const waiting = log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
    await postgres.start();
    expect(await waiting).toMatchObject({ position: 1 });
    await log.close();
  }, 30_000);

  it("does not hold up the close of the log", async () => {
    const log = openLog(60_000);
    await postgres.halt();
    const waiting = refusal(log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META));
    await log.close();
    expect((await waiting).code).toBe("LogUnavailable");
    await postgres.start();
  }, 30_000);

  it("stores an append once whose answer was lost", async () => {
    const log = openLog(30_000);
    await log.append([{ stream: "pod/demo/warm", expected: 0, events: [event()] }], META);
    const appends = Array.from({ length: 200 }, (_, i) =>
      log.append([{ stream: `pod/demo/p-${i}`, expected: 0, events: [event()] }], META),
    );
    await Promise.race(appends);
    await postgres.kill();
    await postgres.start();
    const results = await Promise.all(appends);
    expect(await log.head()).toBe(201);
    expect(results.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, i) => i + 2),
    );
    await log.close();
  }, 30_000);
});
