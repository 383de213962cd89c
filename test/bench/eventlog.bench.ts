/**
 * The log beside what it is made of, in one run: appends per second against a bare group commit through one
 * connection, replay against COPY and JSON.parse alone. `node test/bench/eventlog.bench.ts [seconds] [events to replay]`
 */
import { randomUUID } from "node:crypto";
import { PostgresEventLog, runSql } from "@slipway/eventlog";
import { startTestPostgres, type TestDatabase } from "@slipway/testkit";
import pg from "pg";

const SECONDS = Number(process.argv[2] ?? 3);
const REPLAYED = Number(process.argv[3] ?? 200_000);
const REPETITIONS = 3;

type Append = (caller: number, round: number) => Promise<unknown>;

const PADDING = "x".repeat(180);
const data = (caller: number) => ({ pod: { metadata: { name: `web-${caller}`, namespace: "demo", note: PADDING } } });
const META = { actor: "user:owner", correlation: randomUUID() };

/** What a group commit costs without any of the log's promises: no versions, no ids looked up, no verdicts, no nudge. */
const bareGroupCommit = async (database: TestDatabase) => {
  await runSql(
    database.ownerUrl,
    `create table bare (position bigint primary key, stream text, version int, id uuid unique, type text, data jsonb,
       meta jsonb, recorded_at timestamptz default now(), unique (stream, version));
     create table bare_head (position bigint); insert into bare_head values (0);
     create function bare_append(s text[], v int[], i uuid[], t text[], d text[], m text[]) returns bigint
     language plpgsql as $$ declare base bigint; begin
       update bare_head set position = position + cardinality(s) returning position - cardinality(s) into base;
       insert into bare (position, stream, version, id, type, data, meta)
         select base + n, a, b, c, e, f::jsonb, g::jsonb
           from unnest(s, v, i, t, d, m) with ordinality u(a, b, c, e, f, g, n);
       return base; end $$`,
  );
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const waiting: { row: readonly unknown[]; done: () => void }[] = [];
  let running = false;
  const run = async () => {
    running = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, 1_000);
      const columns = [0, 1, 2, 3, 4, 5].map((at) => group.map(({ row }) => row[at]));
      await client.query({ name: "bare", text: "select bare_append($1, $2, $3, $4, $5, $6)", values: columns });
      for (const { done } of group) done();
      await new Promise((next) => setImmediate(next));
    }
    running = false;
  };
  const append: Append = (caller, round) =>
    new Promise<void>((done) => {
      const row = [
        `pod/demo/b-${caller}`,
        round + 1,
        randomUUID(),
        "PodCreated",
        JSON.stringify(data(caller)),
        JSON.stringify(META),
      ];
      waiting.push({ row, done });
      if (!running) void run();
    });
  return { append, close: () => client.end() };
};

const percentile = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;

/** `callers` loops, each appending again as soon as it was answered. */
const drive = async (append: Append, callers: number, from: number[]) => {
  const latencies: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < end) {
        const round = from[caller] ?? 0;
        from[caller] = round + 1;
        const asked = performance.now();
        await append(caller, round);
        latencies.push(performance.now() - asked);
      }
    }),
  );
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: (latencies.length / (performance.now() - started)) * 1_000,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
};

const median = (values: readonly number[]) =>
  percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
const show = (results: readonly { perSecond: number; p50: number; p99: number }[]) => {
  const of = (pick: (r: { perSecond: number; p50: number; p99: number }) => number) => median(results.map(pick));
  return `${Math.round(of((r) => r.perSecond))}/s, p50 ${of((r) => r.p50).toFixed(2)} ms, p99 ${of((r) => r.p99).toFixed(2)} ms`;
};

const postgres = await startTestPostgres({ settings: { shared_buffers: "512MB", max_wal_size: "4GB" } });
try {
  const database = await postgres.createDatabase();
  const log = new PostgresEventLog({ url: database.serviceUrl, knownTypes: new Set(["PodCreated"]) });
  const bare = await bareGroupCommit(database);
  const ours: Append = (caller, round) =>
    log.append(
      [
        {
          stream: `pod/demo/b-${caller}`,
          expected: round,
          events: [{ id: randomUUID(), type: "PodCreated", data: data(caller) }],
        },
      ],
      META,
    );

  const rounds = { ours: [] as number[], bare: [] as number[] };
  for (const callers of [1, 64, 256]) {
    const results = { ours: [], bare: [] } as Record<"ours" | "bare", Awaited<ReturnType<typeof drive>>[]>;
    for (let i = 0; i < REPETITIONS; i++) {
      results.bare.push(await drive(bare.append, callers, rounds.bare));
      results.ours.push(await drive(ours, callers, rounds.ours));
    }
    const ratio = median(results.ours.map((r) => r.perSecond)) / median(results.bare.map((r) => r.perSecond));
    console.log(
      `append, ${callers} callers: the log ${show(results.ours)}; bare ${show(results.bare)}; ratio ${ratio.toFixed(2)}`,
    );
  }

  for (let head = await log.head(); head < REPLAYED; ) {
    const events = Array.from({ length: 1_000 }, (_, i) => ({ id: randomUUID(), type: "PodCreated", data: data(i) }));
    head = (await log.append([{ stream: `pod/demo/fill-${head}`, expected: 0, events }], META)).position;
  }
  const replays = { ours: [] as number[], bare: [] as number[] };
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  for (let i = 0; i < REPETITIONS; i++) {
    let started = performance.now();
    let read = 0;
    for await (const batch of log.read(1, { to: REPLAYED })) read += batch.length;
    replays.ours.push((read / (performance.now() - started)) * 1_000);

    started = performance.now();
    read = 0;
    const copy = new pg.Query({
      text: `copy (select data, position, stream, version, id, type, meta, recorded_at from slipway.events where position <= ${REPLAYED}
               order by position) to stdout (format binary)`,
    });
    await new Promise<void>((resolve, reject) => {
      Object.assign(copy, {
        handleCopyData: ({ chunk }: { chunk: Buffer }) => {
          const at = chunk.indexOf('{"');
          if (at < 0) return;
          JSON.parse(chunk.toString("utf8", at, at - 1 + chunk.readInt32BE(at - 5)));
          read++;
        },
        callback: (error: Error | null) => (error ? reject(error) : resolve()),
      });
      client.query(copy);
    });
    replays.bare.push((read / (performance.now() - started)) * 1_000);
  }
  console.log(
    `replay of ${REPLAYED}: the log ${Math.round(median(replays.ours))} events/s; COPY of the rows and JSON.parse of their data ${Math.round(median(replays.bare))}/s; ` +
      `time ratio ${(median(replays.bare) / median(replays.ours)).toFixed(2)}`,
  );
  await Promise.all([log.close(), bare.close(), client.end()]);
} finally {
  await postgres.stop();
}
