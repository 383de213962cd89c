import { type ArrayLog, arrayLog } from "./array-log.ts";
import type { BusUnderTest } from "./contract.ts";
import { eachWithBus, eventually, takeAll, takeItems } from "./contract-tools.ts";
import { type RelayOptions, startRelay } from "./relay.ts";

export const eventsContract = (start: () => Promise<BusUnderTest>): void => {
  const given = eachWithBus(start, "without-events");
  const running: { stop(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((relay) => relay.stop()));
  });
  const relay = (log: ArrayLog, more: Partial<RelayOptions> = {}) => {
    const started = startRelay({
      log,
      bus: given.it.bus,
      resyncMs: 50,
      onFatal: (error) => {
        throw error;
      },
      ...more,
    });
    running.push(started);
    return started;
  };
  const positions = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

  it("reach a follower in order, each once, and as they were appended", async () => {
    const log = arrayLog();
    log.addMany(1_500);
    relay(log);
    const events = await takeItems(given.it.bus.events.follow(1, { signal: given.signal }), 1_500);
    expect(events).toEqual(log.events);
  });

  it("reach a follower that waited for them", async () => {
    const log = arrayLog();
    relay(log);
    const coming = takeItems(given.it.bus.events.follow(1, { signal: given.signal }), 3);
    await eventually(async () => (await given.it.bus.transport.streamState("EVENTS")) !== undefined);
    log.add("pod/demo/a");
    log.add("pod/demo/b", "pod/demo/c");
    expect((await coming).map((event) => event.stream)).toEqual(["pod/demo/a", "pod/demo/b", "pod/demo/c"]);
  });

  it("are followed from any position", async () => {
    const log = arrayLog();
    log.addMany(100);
    relay(log);
    const events = await takeItems(given.it.bus.events.follow(61, { signal: given.signal }), 40);
    expect(events.map((event) => event.position)).toEqual(positions(61, 100));
  });

  it("are selected by project, kind and type", async () => {
    const log = arrayLog();
    log.add(
      "pod/demo/a",
      "pod/other/a",
      { stream: "service/demo/a", type: "ServiceCreated" },
      { stream: "pod/demo/a", type: "PodDeleted" },
      { stream: "node/_/n1", type: "NodeReady" },
      { stream: "pod/demo/web.example.org", type: "PodDeleted" },
    );
    relay(log);
    const { events } = given.it.bus;
    const { signal } = given;
    const found = async (count: number, filter: object) =>
      (await takeItems(events.follow(1, { signal, ...filter }), count)).map((event) => event.position);
    expect(await found(4, { project: "demo" })).toEqual([1, 3, 4, 6]);
    expect(await found(1, { project: "" })).toEqual([5]);
    expect(await found(2, { project: "demo", kinds: ["pod"], types: ["PodDeleted"] })).toEqual([4, 6]);
    expect(await found(2, { kinds: ["service", "node"] })).toEqual([3, 5]);
    expect(await found(3, { types: ["PodDeleted", "NodeReady"] })).toEqual([4, 5, 6]);
  });

  it("are told by their last position", async () => {
    const log = arrayLog();
    expect(await given.it.bus.events.lastPosition()).toBe(0);
    log.addMany(7);
    const copying = relay(log);
    await eventually(() => copying.position() === 7);
    expect(await given.it.bus.events.lastPosition()).toBe(7);
  });

  it("that the bus no longer holds come from the log", async () => {
    const log = arrayLog();
    log.addMany(50);
    relay(log, { refillEvents: 10 });
    const { events } = given.it.bus;
    const all = await takeItems(events.follow(1, { signal: given.signal, log }), 50);
    expect(all.map((event) => event.position)).toEqual(positions(1, 50));
    expect(await events.lastPosition()).toBe(50);
    const some = await takeItems(events.follow(3, { signal: given.signal, log, types: ["PodCreated"] }), 48);
    expect(some.map((event) => event.position)).toEqual(positions(3, 50));
  });

  it("that the bus no longer holds are refused without a log", async () => {
    const log = arrayLog();
    log.addMany(50);
    const copying = relay(log, { refillEvents: 10 });
    await eventually(() => copying.position() === 50);
    await expect(takeItems(given.it.bus.events.follow(5, { signal: given.signal }), 1)).rejects.toMatchObject({
      code: "UnknownPosition",
      fields: { position: 5, first: 41 },
    });
  });

  it("end quietly with the follower's signal", async () => {
    const log = arrayLog();
    log.addMany(3);
    relay(log);
    const stopping = new AbortController();
    const reading = given.it.bus.events.follow(1, { signal: stopping.signal });
    const all: number[] = [];
    for await (const batch of reading) {
      all.push(...batch.map((event) => event.position));
      if (all.length === 3) setImmediate(() => stopping.abort());
    }
    expect(all).toEqual([1, 2, 3]);
    expect(await takeAll(given.it.bus.events.follow(1, { signal: stopping.signal }))).toEqual([]);
  });

  it("reach followers each once when two relays race", async () => {
    const log = arrayLog();
    const relays = [relay(log, { window: 32 }), relay(log, { window: 32, bus: await given.it.connect("second") })];
    const coming = takeItems(given.it.bus.events.follow(1, { signal: given.signal }), 2_000);
    for (let burst = 0; burst < 40; burst++) {
      log.addMany(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await coming).map((event) => event.position)).toEqual(positions(1, 2_000));
    await eventually(() => relays.every((one) => one.position() === 2_000));
    const state = await given.it.bus.transport.streamState("EVENTS");
    expect(state?.lastSequence).toBe(2_000);
  });

  it("reach followers each once although the bus lost everything", async () => {
    const log = arrayLog();
    log.addMany(300);
    const copying = relay(log);
    const all = takeItems(given.it.bus.events.follow(1, { signal: given.signal }), 600);
    const filtered = takeItems(given.it.bus.events.follow(1, { signal: given.signal, project: "demo" }), 600);
    await eventually(() => copying.position() === 300);
    await given.it.wipe();
    log.addMany(300);
    expect((await all).map((event) => event.position)).toEqual(positions(1, 600));
    expect((await filtered).map((event) => event.position)).toEqual(positions(1, 600));
  });

  it("reach followers each once although a lost stream started again from the middle of the log", async () => {
    const log = arrayLog();
    log.addMany(300);
    const copying = relay(log, { refillEvents: 100 });
    await eventually(() => copying.position() === 300);
    const all = takeItems(given.it.bus.events.follow(1, { signal: given.signal, log }), 700);
    await given.it.wipe();
    log.addMany(400);
    expect((await all).map((event) => event.position)).toEqual(positions(1, 700));
    expect(await given.it.bus.events.lastPosition()).toBe(700);
  });

  it("stop loudly when the log ends before the bus", async () => {
    const log = arrayLog();
    log.addMany(20);
    const copying = relay(log);
    await eventually(() => copying.position() === 20);
    await copying.stop();
    log.truncate(12);
    const fatal = await new Promise((resolve) => relay(log, { onFatal: resolve }));
    expect(fatal).toMatchObject({ code: "LogBehindBus", class: "Fatal", fields: { onBus: 20, inLog: 12 } });
  });

  it("stop loudly when the log holds other events than the bus", async () => {
    const log = arrayLog();
    log.addMany(20);
    const copying = relay(log);
    await eventually(() => copying.position() === 20);
    await copying.stop();
    const other = arrayLog("other");
    other.addMany(30);
    const fatal = await new Promise((resolve) => relay(other, { onFatal: resolve }));
    expect(fatal).toMatchObject({ code: "LogBehindBus", fields: { position: 20 } });
  });
};
