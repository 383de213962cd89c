import { startTestNats, type TestNats } from "@slipway/testkit";
import { silentLogger } from "./bus-logger.ts";
import { eventually, takeAll } from "./contract-tools.ts";
import { connectBus } from "./jetstream.ts";
import { NatsLink } from "./nats-link.ts";
import { ensureTopology, TOPOLOGY } from "./topology.ts";

describe("a connection to NATS", () => {
  let nats: TestNats;
  beforeEach(async () => {
    nats = await startTestNats();
  });
  afterEach(() => nats.stop());

  it("fails soon and clearly when there is no server", async () => {
    await nats.kill();
    const began = performance.now();
    await expect(connectBus({ servers: nats.url, name: "test" })).rejects.toMatchObject({
      code: "BusUnavailable",
      class: "Transient",
    });
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it("fails when the server is not NATS", async () => {
    await expect(connectBus({ servers: "127.0.0.1:1", name: "test" })).rejects.toMatchObject({
      code: "BusUnavailable",
    });
  });

  it("tells of its losses and comes back by itself", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await ensureTopology(bus.transport);
    expect(bus.status()).toEqual({ connected: true });
    await nats.kill();
    await eventually(() => !bus.status().connected);
    const waiting = bus.assignments.put({ node: "n1", uid: "p" }, 1);
    await nats.restart();
    await waiting;
    expect(bus.status()).toEqual({ connected: true });
    expect((await bus.assignments.list()).length).toBe(1);
    await bus.close();
    expect(bus.status()).toEqual({ connected: false });
  });

  it("says that the bus is unavailable while it stays away", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await nats.kill();
    await eventually(() => !bus.status().connected);
    await expect(bus.assignments.put({ node: "n1", uid: "p" }, 1)).rejects.toMatchObject({ code: "BusUnavailable" });
    await bus.close();
  }, 10_000);

  it("says that the bus is unavailable when no stream takes a message in", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await expect(bus.reports.publish("n1", "x", 1, "m1")).rejects.toMatchObject({ code: "BusUnavailable" });
    await expect(bus.assignments.declareComplete()).rejects.toMatchObject({ code: "BusUnavailable" });
    await bus.close();
  });

  it("refuses a message that is too large", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await ensureTopology(bus.transport);
    const huge = "x".repeat(2_000_000);
    await expect(bus.assignments.put({ node: "n1", uid: "p" }, huge)).rejects.toMatchObject({
      code: "TooLarge",
      class: "Refused",
    });
    await bus.close();
  });

  it("ends its readers when it is closed", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await ensureTopology(bus.transport, { eventsOffset: 0 });
    const { signal } = new AbortController();
    const key = { project: "demo", kind: "pod", name: "web" };
    const readers = [
      takeAll(bus.events.follow(1, { signal })),
      takeAll(bus.assignments.watch({}, signal)),
      takeAll(bus.logs.read(key, { signal, follow: true })),
      bus.reports.consume(async () => {}, signal),
    ];
    await bus.assignments.list();
    await bus.close();
    expect(await Promise.all(readers)).toEqual([[], [], [], undefined]);
  });

  it("makes the streams as they are written down, and changes settings without touching what is in them", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await ensureTopology(bus.transport);
    expect(await bus.transport.streamState("EVENTS")).toBeUndefined();
    await ensureTopology(bus.transport, { eventsOffset: 5 });
    await bus.assignments.put({ node: "n1", uid: "p" }, 1);
    await ensureTopology(bus.transport, { eventsOffset: 9, logsMaxBytes: 5_000_000, eventsMaxAgeMs: 3_600_000 });
    const link = await NatsLink.open({
      servers: nats.url,
      name: "raw",
      inboxPrefix: "_INBOX.raw",
      logger: silentLogger,
    });
    const logs = await link.jsm.streams.info(TOPOLOGY.logs.name);
    const events = await link.jsm.streams.info(TOPOLOGY.events.name);
    expect(logs.config).toMatchObject({ max_bytes: 5_000_000, storage: "file", retention: "limits" });
    expect(events.config).toMatchObject({ max_age: 3_600_000_000_000, description: '{"offset":5}', deny_purge: true });
    expect((await link.jsm.streams.info(TOPOLOGY.reports.name)).config.retention).toBe("workqueue");
    expect((await link.jsm.streams.info(TOPOLOGY.assignments.name)).config.max_msgs_per_subject).toBe(1);
    expect((await bus.assignments.list()).length).toBe(1);
    await link.close();
    await bus.close();
  });

  it("leaves no consumer behind on the server", async () => {
    const bus = await connectBus({ servers: nats.url, name: "test" });
    await ensureTopology(bus.transport);
    await bus.assignments.put({ node: "n1", uid: "p" }, 1);
    for (let round = 0; round < 20; round++) await bus.assignments.list();
    const link = await NatsLink.open({
      servers: nats.url,
      name: "raw",
      inboxPrefix: "_INBOX.raw",
      logger: silentLogger,
    });
    const count = async () => (await link.jsm.streams.info(TOPOLOGY.assignments.name)).state.consumer_count;
    await eventually(async () => (await count()) === 0, 25_000);
    await link.close();
    await bus.close();
  }, 30_000);
});
