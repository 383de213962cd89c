import { type SlipwayError, type StoredEvent, seededRandom } from "@slipway/kernel";
import { type ManualClock, manualClock } from "@slipway/testkit";
import { type ArrayLog, arrayLog } from "./array-log.ts";
import { type MemoryBus, memoryBus } from "./memory.ts";
import { type Relay, type RelayOptions, startRelay } from "./relay.ts";

describe("the relay", () => {
  let clock: ManualClock;
  let bus: MemoryBus;
  let log: ArrayLog;
  let fatal: SlipwayError | undefined;
  const relays: Relay[] = [];

  const relay = (more: Partial<RelayOptions> = {}): Relay => {
    const onFatal = (error: SlipwayError) => {
      fatal = error;
    };
    const started = startRelay({ log, bus, onFatal, ...more });
    relays.push(started);
    return started;
  };
  const counting = () => {
    const counts = { published: 0, duplicate: 0, overtaken: 0, lag: 0 };
    return {
      counts,
      metrics: {
        published: () => counts.published++,
        duplicate: () => counts.duplicate++,
        overtaken: () => counts.overtaken++,
        lag: (positions: number) => {
          counts.lag = positions;
        },
      },
    };
  };
  /** What stands on the bus, in its order. */
  const carried = async (): Promise<StoredEvent[]> => {
    const stopping = new AbortController();
    const events: StoredEvent[] = [];
    const run = async () => {
      for await (const batch of bus.connect("reader").events.follow(1, { signal: stopping.signal }))
        events.push(...batch);
    };
    const reading = run();
    await clock.advance(1);
    stopping.abort();
    await reading;
    return events;
  };

  beforeEach(() => {
    clock = manualClock();
    bus = memoryBus({ clock, random: seededRandom(7) });
    log = arrayLog();
    fatal = undefined;
  });
  afterEach(async () => {
    const stops = relays.splice(0).map((one) => one.stop());
    await clock.advance(60_000);
    await Promise.all(stops);
  });

  it("copies what is there and what comes, without waiting for its time to look", async () => {
    log.addMany(3);
    const { counts, metrics } = counting();
    const one = relay({ metrics });
    await clock.advance(0);
    expect(one.position()).toBe(3);
    log.addMany(2);
    await clock.advance(0);
    expect(one.position()).toBe(5);
    expect(counts).toEqual({ published: 5, duplicate: 0, overtaken: 0, lag: 0 });
    expect(await carried()).toEqual(log.events);
  });

  it("finds by itself what it was not told of", async () => {
    const deaf = relay({ log: { ...log, onAppended: () => () => {} }, resyncMs: 1_000 });
    await clock.advance(0);
    log.addMany(4);
    await clock.advance(900);
    expect(deaf.position()).toBe(0);
    await clock.advance(200);
    expect(deaf.position()).toBe(4);
  });

  it("goes on where another one stopped, and counts nothing twice", async () => {
    log.addMany(10);
    const first = relay();
    await clock.advance(0);
    await first.stop();
    log.addMany(5);
    const { counts, metrics } = counting();
    const second = relay({ metrics });
    await clock.advance(0);
    expect(second.position()).toBe(15);
    expect(counts.published).toBe(5);
  });

  it("gives way to a faster one and goes on behind it", async () => {
    const slow = counting();
    const one = relay({ metrics: slow.metrics });
    await clock.advance(0);
    log.addMany(6);
    const other = relay({ bus: bus.connect("other") });
    await clock.advance(2_000);
    expect([one.position(), other.position()]).toEqual([6, 6]);
    expect(await carried()).toEqual(log.events);
  });

  it("waits through an absence of the log", async () => {
    let present = false;
    log.addMany(3);
    const unsteady = {
      ...log,
      head: async () => {
        if (!present) throw new Error("gone");
        return log.head();
      },
    };
    const one = relay({ log: unsteady });
    await clock.advance(10_000);
    expect(one.position()).toBe(0);
    present = true;
    await clock.advance(2_000);
    expect(one.position()).toBe(3);
  });

  it("fills a stream that was lost while nothing happened", async () => {
    log.addMany(3);
    const one = relay();
    await clock.advance(0);
    bus.wipe();
    await clock.advance(2_000);
    expect(one.position()).toBe(3);
    expect(await carried()).toEqual(log.events);
  });

  it("makes streams again that somebody took away", async () => {
    relay();
    await clock.advance(0);
    bus.wipe();
    await clock.advance(2_000);
    for (const name of ["ASSIGNMENTS", "ENDPOINTS", "REPORTS", "LOGS"]) {
      expect(await bus.transport.streamState(name)).toBeDefined();
    }
  });

  it("does not take a log for too short that grew while another relay made the stream", async () => {
    const other = bus.connect("other");
    let first = true;
    const slowAtFirst = {
      ...log,
      head: async () => {
        const head = await log.head();
        if (first) {
          first = false;
          log.addMany(5);
          relay({ bus: other });
          await new Promise<void>((resolve) => clock.schedule(100, resolve));
        }
        return head;
      },
    };
    const one = relay({ log: slowAtFirst });
    await clock.advance(5_000);
    expect(fatal).toBeUndefined();
    expect(one.position()).toBe(5);
  });

  it("stops for good when the log goes back while it runs", async () => {
    log.addMany(8);
    relay();
    await clock.advance(0);
    log.truncate(5);
    await clock.advance(2_000);
    expect(fatal).toMatchObject({ code: "LogBehindBus", fields: { onBus: 8, inLog: 5 } });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    "misplaces nothing on a bad network with two relays (seed %i)",
    async (seed) => {
      bus = memoryBus({
        clock,
        random: seededRandom(seed),
        faults: { drop: 0.05, delayMs: [0, 30], duplicate: 0.1, reorder: 0.1 },
      });
      relay({ window: 8 });
      relay({ bus: bus.connect("other"), window: 8 });
      for (let burst = 0; burst < 10; burst++) {
        log.addMany(7);
        await clock.advance(500);
        if (burst === 5) bus.wipe();
      }
      bus.setFaults({});
      await clock.advance(60_000);
      expect(fatal).toBeUndefined();
      expect(await carried()).toEqual(log.events);
    },
  );
});
