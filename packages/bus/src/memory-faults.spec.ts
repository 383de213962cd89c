import { isSlipwayError, type SlipwayError, seededRandom } from "@slipway/kernel";
import { type ManualClock, manualClock } from "@slipway/testkit";
import { arrayLog } from "./array-log.ts";
import { type MemoryBus, memoryBus } from "./memory.ts";
import type { Faults } from "./memory-hub.ts";
import { startRelay } from "./relay.ts";
import { ensureTopology } from "./topology.ts";

const BAD: Faults = { drop: 0.1, delayMs: [1, 80], duplicate: 0.2, reorder: 0.2 };
const seeds = Array.from({ length: 10 }, (_, seed) => seed);

describe("the bus in memory on a bad network", () => {
  let clock: ManualClock;
  let stopping: AbortController;
  const badBus = async (seed: number, faults: Faults = BAD): Promise<MemoryBus> => {
    const bus = memoryBus({ clock, random: seededRandom(seed) });
    await ensureTopology(bus.transport, { eventsOffset: 0 });
    bus.setFaults(faults);
    return bus;
  };
  beforeEach(() => {
    clock = manualClock(1_000_000);
    stopping = new AbortController();
  });
  afterEach(() => stopping.abort());

  it.each(seeds)("brings events in order, each once, only later (seed %i)", async (seed) => {
    const bus = await badBus(seed);
    const log = arrayLog();
    const relay = startRelay({ log, bus: bus.connect("relay"), onFatal: fail });
    const seen: number[] = [];
    const filtered: number[] = [];
    const follow = async (into: number[], filter: object) => {
      const { signal } = stopping;
      for await (const batch of bus.events.follow(1, { signal, ...filter })) {
        into.push(...batch.map((event) => event.position));
      }
    };
    const following = [follow(seen, {}), follow(filtered, { project: "demo" })];
    for (let burst = 0; burst < 20; burst++) {
      log.addMany(5);
      await clock.advance(200);
    }
    await clock.advance(120_000);
    stopping.abort();
    const stop = relay.stop();
    await clock.advance(10_000);
    await Promise.all([stop, ...following]);
    const all = log.events.map((event) => event.position);
    expect(seen).toEqual(all);
    expect(filtered).toEqual(all);
  });

  it.each(seeds)("brings watchers of a feed to its last values (seed %i)", async (seed) => {
    const bus = await badBus(seed);
    const random = seededRandom(seed + 100);
    const wanted = new Map<string, number>();
    const seen = new Map<string, unknown>();
    const watch = async () => {
      for await (const change of bus.connect("agent").assignments.watch({ node: "n1" }, stopping.signal)) {
        if (change.type === "put") seen.set(change.key.uid, change.value);
        if (change.type === "remove") seen.delete(change.key.uid);
        if (change.type === "reset") seen.clear();
      }
    };
    const watching = watch();
    const untilDone = async (act: () => Promise<void>): Promise<void> => {
      for (;;) {
        let done = false;
        const run = act().then(
          () => {
            done = true;
          },
          () => {},
        );
        await clock.advance(6_000);
        await run;
        if (done) return;
      }
    };
    for (let step = 0; step < 30; step++) {
      const uid = `p${Math.floor(random() * 6)}`;
      if (random() < 0.3) {
        wanted.delete(uid);
        await untilDone(() => bus.assignments.remove({ node: "n1", uid }));
      } else {
        wanted.set(uid, step);
        await untilDone(() => bus.assignments.put({ node: "n1", uid }, step));
      }
    }
    await clock.advance(60_000);
    stopping.abort();
    await watching;
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(wanted));
  });

  it.each(seeds)("hands out every report at least once (seed %i)", async (seed) => {
    const bus = await badBus(seed);
    const seen: string[] = [];
    const consuming = bus.reports.consume(async (report) => {
      seen.push(report.messageId);
    }, stopping.signal);
    const sent: string[] = [];
    for (let index = 0; index < 40; index++) {
      const run = bus.connect("agent").reports.publish("n1", "pod-status", index, `m${index}`);
      const stored = run.then(
        () => sent.push(`m${index}`),
        () => {},
      );
      await clock.advance(6_000);
      await stored;
    }
    await clock.advance(300_000);
    stopping.abort();
    await consuming;
    for (const id of sent) expect(seen).toContain(id);
    expect(sent.length).toBeGreaterThan(20);
  });

  it("does the same again for the same seed", async () => {
    const trace = async () => {
      clock = manualClock(1_000_000);
      stopping = new AbortController();
      const bus = await badBus(42);
      const log = arrayLog();
      const relay = startRelay({ log, bus: bus.connect("relay"), onFatal: fail });
      const seen: string[] = [];
      const follow = async () => {
        for await (const batch of bus.events.follow(1, { signal: stopping.signal })) {
          seen.push(`${clock.now()}:${batch.map((event) => event.position).join()}`);
        }
      };
      const following = follow();
      bus.heartbeats.subscribe((node, data) => seen.push(`${clock.now()}:${node}:${data}`), stopping.signal);
      for (let step = 0; step < 20; step++) {
        log.addMany(3);
        bus.connect("agent").heartbeats.publish("n1", step);
        await clock.advance(150);
      }
      stopping.abort();
      const stop = relay.stop();
      await clock.advance(10_000);
      await Promise.all([stop, following]);
      return seen;
    };
    const first = await trace();
    expect(first.length).toBeGreaterThan(10);
    expect(await trace()).toEqual(first);
  });

  it("shows faults to what may be lost: heartbeats go missing, twice, and out of order", async () => {
    const bus = await badBus(3);
    const seen: number[] = [];
    bus.heartbeats.subscribe((_, data) => seen.push(Number(data)), stopping.signal);
    for (let beat = 0; beat < 100; beat++) bus.heartbeats.publish("n1", beat);
    await clock.advance(1_000);
    expect(new Set(seen).size).toBeLessThan(100);
    expect(seen.length).toBeGreaterThan(new Set(seen).size);
    expect(seen).not.toEqual([...seen].sort((a, b) => a - b));
  });

  it("cuts off one connection and lets it catch up afterwards", async () => {
    const bus = await badBus(1, {});
    const agent = bus.connect("agent");
    await bus.assignments.declareComplete();
    const changes: string[] = [];
    const watch = async () => {
      for await (const change of agent.assignments.watch({ node: "n1" }, stopping.signal)) changes.push(change.type);
    };
    const watching = watch();
    await clock.advance(0);
    bus.partition("agent");
    expect(agent.status()).toEqual({ connected: false });
    const publish = agent.reports.publish("n1", "pod-status", 1, "m1").catch((error: unknown) => error);
    await bus.assignments.put({ node: "n1", uid: "p" }, 1);
    await bus.assignments.remove({ node: "n1", uid: "p" });
    await clock.advance(6_000);
    expect(await publish).toMatchObject({ code: "BusUnavailable", class: "Transient" });
    expect(changes).toEqual(["caught-up"]);
    bus.heal("agent");
    await clock.advance(0);
    expect(changes).toEqual(["caught-up", "remove"]);
    stopping.abort();
    await watching;
  });

  it("makes a watcher start over when tombstones were purged that it had not seen", async () => {
    const bus = await badBus(1, {});
    const key = { node: "n1", uid: "p" };
    await bus.assignments.put(key, 1);
    await bus.assignments.declareComplete();
    const changes: string[] = [];
    const watch = async () => {
      for await (const change of bus.connect("agent").assignments.watch({}, stopping.signal)) changes.push(change.type);
    };
    const watching = watch();
    await clock.advance(0);
    bus.partition("agent");
    await bus.assignments.remove(key);
    await clock.advance(1_000);
    expect(await bus.assignments.purgeTombstones(500)).toBe(1);
    bus.heal("agent");
    await clock.advance(1_000);
    expect(changes).toEqual(["put", "caught-up", "reset", "caught-up"]);
    stopping.abort();
    await watching;
  });

  it.each(seeds)("never leaves an answer out without saying so (seed %i)", async (seed) => {
    const bus = await badBus(seed, { drop: 0.01, delayMs: [0, 5], duplicate: 0.1 });
    bus.connect("node").requests.serve(
      "n1",
      "count",
      async function* () {
        for (let number = 1; number <= 60; number++) yield number;
      },
      stopping.signal,
    );
    const answers: unknown[] = [];
    const call = async () => {
      for await (const answer of bus.requests.call("n1", "count", null, { signal: stopping.signal }))
        answers.push(answer);
      return "complete";
    };
    const calling = call().catch((error: unknown) => (isSlipwayError(error) ? error.code : error));
    await clock.advance(60_000);
    const end = await calling;
    expect(answers).toEqual(Array.from({ length: answers.length }, (_, index) => index + 1));
    expect(["complete", "BusUnavailable", "NoResponder"]).toContain(end);
    expect(answers.length === 60).toBe(end === "complete");
  });

  it("tells a caller that the node has gone silent", async () => {
    const bus = await badBus(1, {});
    let aborted = false;
    bus.connect("node").requests.serve(
      "n1",
      "wait",
      async function* (_, signal) {
        yield 1;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        aborted = true;
      },
      stopping.signal,
    );
    const answers: unknown[] = [];
    const call = async () => {
      for await (const answer of bus.requests.call("n1", "wait", null, { signal: stopping.signal }))
        answers.push(answer);
    };
    const calling = call().catch((error: unknown) => error);
    await clock.advance(60_000);
    expect([answers, aborted]).toEqual([[1], false]);
    bus.partition("node");
    await clock.advance(21_000);
    expect(await calling).toMatchObject({ code: "NoResponder" });
    expect(aborted).toBe(true);
  });
});

const fail = (error: SlipwayError): void => {
  throw error;
};
