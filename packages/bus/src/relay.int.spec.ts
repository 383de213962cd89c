import { startTestNats, type TestNats } from "@slipway/testkit";
import { type ArrayLog, arrayLog } from "./array-log.ts";
import type { Bus } from "./bus.ts";
import { eventually } from "./contract-tools.ts";
import { connectBus } from "./jetstream.ts";
import { type Relay, startRelay } from "./relay.ts";

describe("the relay on JetStream", () => {
  let nats: TestNats;
  let log: ArrayLog;
  let stopping: AbortController;
  const buses: Bus[] = [];
  const relays: Relay[] = [];
  const following: Promise<void>[] = [];

  beforeEach(async () => {
    nats = await startTestNats();
    log = arrayLog();
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await Promise.all(following.splice(0));
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
    await nats.stop();
  });

  const connect = async (name: string): Promise<Bus> => {
    const bus = await connectBus({ servers: nats.url, name });
    buses.push(bus);
    return bus;
  };
  const relay = async (counts = { published: 0, duplicate: 0, overtaken: 0 }) => {
    const bus = await connect("relay");
    const started = startRelay({
      log,
      bus,
      resyncMs: 100,
      onFatal: (error) => {
        throw error;
      },
      metrics: {
        published: () => counts.published++,
        duplicate: () => counts.duplicate++,
        overtaken: () => counts.overtaken++,
        lag: () => {},
      },
    });
    relays.push(started);
    return { started, bus, counts };
  };
  /** Positions as a follower gets them, without the log to help. */
  const follow = async (filter: object = {}): Promise<number[]> => {
    const bus = await connect("follower");
    const seen: number[] = [];
    const run = async () => {
      for await (const batch of bus.events.follow(1, { signal: stopping.signal, ...filter })) {
        seen.push(...batch.map((event) => event.position));
      }
    };
    following.push(run());
    return seen;
  };
  /** Appends steadily while something happens. */
  const underLoad = async (happening: () => Promise<void>): Promise<void> => {
    let over = false;
    const load = async () => {
      while (!over) {
        log.addMany(20);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const loading = load();
    try {
      await happening();
    } finally {
      over = true;
      await loading;
    }
  };
  const all = () => log.events.map((event) => event.position);
  const isCarried = async () => {
    const bus = await connect("check");
    await eventually(async () => (await bus.events.lastPosition()) === log.events.length, 20_000);
    const stream: string[] = [];
    for (let sequence = 1; sequence <= log.events.length; sequence++) {
      stream.push((await bus.transport.messageId("EVENTS", sequence)) ?? "");
    }
    expect(stream).toEqual(log.events.map((event) => event.id));
  };

  it("is not alone: two that race misplace nothing and store nothing twice", async () => {
    const one = await relay();
    const other = await relay();
    const seen = await follow();
    for (let burst = 0; burst < 40; burst++) {
      log.addMany(50);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await isCarried();
    expect(one.counts.published + other.counts.published).toBe(2_000);
    await eventually(() => seen.length === 2_000);
    expect(seen).toEqual(all());
  });

  it("loses nothing when it dies in the middle, and its successor goes on", async () => {
    log.addMany(20_000);
    const first = await relay();
    await eventually(() => first.started.position() > 500);
    await first.bus.close();
    await relay();
    const seen = await follow();
    await eventually(() => seen.length === 20_000, 20_000);
    expect(seen).toEqual(all());
  }, 30_000);

  it.each(["restart", "kill"] as const)(
    "goes on by itself after a %s of the server under load",
    async (how) => {
      await relay();
      const seen = await follow();
      const filtered = await follow({ types: ["PodCreated"] });
      await eventually(() => {
        log.addMany(1);
        return seen.length > 5;
      });
      await underLoad(async () => {
        for (let round = 0; round < 2; round++) {
          const before = seen.length;
          if (how === "kill") await nats.kill();
          await nats.restart();
          await eventually(() => seen.length > before + 100, 20_000);
        }
      });
      await eventually(() => seen.length === log.events.length && filtered.length === seen.length, 20_000);
      expect(seen).toEqual(all());
      expect(filtered).toEqual(all());
      await isCarried();
    },
    60_000,
  );

  it("fills the stream again when JetStream loses its data under load; followers notice only a delay", async () => {
    await relay();
    await relay();
    const seen = await follow();
    const filtered = await follow({ project: "demo" });
    await underLoad(async () => {
      for (let round = 0; round < 3; round++) {
        const before = seen.length;
        await eventually(() => seen.length > before + 200, 20_000);
        await nats.wipe();
      }
    });
    await eventually(() => seen.length === log.events.length && filtered.length === seen.length, 20_000);
    expect(seen).toEqual(all());
    expect(filtered).toEqual(all());
    await isCarried();
  }, 60_000);

  it("fills the stream again when only the stream is taken away, and followers find it", async () => {
    const { bus } = await relay();
    const seen = await follow();
    log.addMany(100);
    await eventually(() => seen.length === 100);
    const link = await rawLink(nats.url);
    await link.deleteStream("EVENTS");
    await link.close();
    log.addMany(100);
    await eventually(() => seen.length === 200, 20_000);
    expect(seen).toEqual(all());
    expect(await bus.events.lastPosition()).toBe(200);
  }, 30_000);
});

/** A plain connection, for what the bus's own port does not offer. */
const rawLink = async (url: string) => {
  const { NatsLink } = await import("./nats-link.ts");
  const { silentLogger } = await import("./bus-logger.ts");
  const link = await NatsLink.open({ servers: url, name: "raw", inboxPrefix: "_INBOX.raw", logger: silentLogger });
  return { deleteStream: (name: string) => link.jsm.streams.delete(name), close: () => link.close() };
};
