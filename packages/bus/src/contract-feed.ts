import type { BusUnderTest } from "./contract.ts";
import { eachWithBus, eventually, takeUntil } from "./contract-tools.ts";
import type { AssignmentKey } from "./feed-layout.ts";
import type { FeedChange } from "./feed-watch.ts";
import { ensureTopology } from "./topology.ts";

export const feedContract = (start: () => Promise<BusUnderTest>): void => {
  const given = eachWithBus(start, "without-events");
  const feed = () => given.it.bus.assignments;
  const web = { node: "n1", uid: "web" };
  const db = { node: "n1", uid: "db" };
  const far = { node: "n2.far", uid: "web" };
  const isCaughtUp = <K>(change: FeedChange<K>) => change.type === "caught-up";

  /** Gathers changes in the background. */
  const watching = (filter: Partial<AssignmentKey> = {}) => {
    const changes: FeedChange<AssignmentKey>[] = [];
    const run = async () => {
      for await (const change of feed().watch(filter, given.signal)) changes.push(change);
    };
    return { changes, done: run() };
  };

  it("list the last value of each key", async () => {
    await feed().put(web, { version: 1 });
    await feed().put(db, { version: 1 });
    await feed().put(web, { version: 2 });
    await feed().put(far, { version: 1 });
    expect(await feed().list({ node: "n1" })).toEqual([
      { key: db, value: { version: 1 } },
      { key: web, value: { version: 2 } },
    ]);
    expect((await feed().list()).length).toBe(3);
    expect(await feed().list({ node: "n2.far" })).toEqual([{ key: far, value: { version: 1 } }]);
    expect(await feed().list({ node: "n3" })).toEqual([]);
  });

  it("forget a key that is removed", async () => {
    await feed().put(web, 1);
    await feed().put(db, 2);
    await feed().remove(web);
    expect(await feed().list()).toEqual([{ key: db, value: 2 }]);
    await feed().put(web, 3);
    expect((await feed().list()).length).toBe(2);
  });

  it("keep endpoints by project and service", async () => {
    const { endpoints } = given.it.bus;
    await endpoints.put({ project: "demo", service: "web" }, ["10.0.0.1"]);
    await endpoints.put({ project: "other", service: "web" }, []);
    expect(await endpoints.list({ project: "demo" })).toEqual([
      { key: { project: "demo", service: "web" }, value: ["10.0.0.1"] },
    ]);
  });

  it("tell a watcher what is there, then that this was all, then what changes", async () => {
    await feed().put(web, 1);
    await feed().put(web, 2);
    await feed().put(far, 1);
    await feed().declareComplete();
    const { changes } = watching({ node: "n1" });
    await eventually(() => changes.some(isCaughtUp));
    expect(changes).toEqual([{ type: "put", key: web, value: 2 }, { type: "caught-up" }]);
    await feed().put(db, 1);
    await feed().put(far, 2);
    await feed().remove(web);
    await eventually(() => changes.length === 4);
    expect(changes.slice(2)).toEqual([
      { type: "put", key: db, value: 1 },
      { type: "remove", key: web },
    ]);
  });

  it("do not call themselves complete before their owner does", async () => {
    await feed().put(web, 1);
    const { changes } = watching();
    await eventually(() => changes.length === 1);
    await feed().put(db, 1);
    await eventually(() => changes.length === 2);
    expect(changes.some(isCaughtUp)).toBe(false);
    await feed().declareComplete();
    await eventually(() => changes.some(isCaughtUp));
    expect(changes).toEqual([
      { type: "put", key: web, value: 1 },
      { type: "put", key: db, value: 1 },
      { type: "caught-up" },
    ]);
    await feed().declareComplete();
    await feed().put(web, 2);
    await eventually(() => changes.length === 4);
    expect(changes.filter(isCaughtUp).length).toBe(1);
  });

  it("say that an empty feed is complete", async () => {
    await feed().declareComplete();
    expect(await takeUntil(feed().watch({}, given.signal), isCaughtUp)).toEqual([{ type: "caught-up" }]);
  });

  it("stay complete when the topology is looked after again", async () => {
    await feed().declareComplete();
    await ensureTopology(given.it.bus.transport, { logsMaxBytes: 10_000_000 });
    expect(await takeUntil(feed().watch({}, given.signal), isCaughtUp)).toEqual([{ type: "caught-up" }]);
  });

  it("start over with a reset when the bus lost them, and are complete again only by their owner's word", async () => {
    await feed().put(web, 1);
    await feed().put(db, 1);
    await feed().declareComplete();
    const { changes } = watching({ node: "n1" });
    await eventually(() => changes.some(isCaughtUp));
    changes.length = 0;
    await given.it.wipe();
    await ensureTopology(given.it.bus.transport);
    await feed().put(db, 2);
    await eventually(() => changes.length === 2);
    expect(changes).toEqual([{ type: "reset" }, { type: "put", key: db, value: 2 }]);
    await feed().declareComplete();
    await eventually(() => changes.length === 3);
    expect(changes[2]).toEqual({ type: "caught-up" });
  });

  it("lose old tombstones when they are purged, and nothing else", async () => {
    await feed().put(web, 1);
    await feed().remove(web);
    await feed().put(db, 1);
    expect(await feed().purgeTombstones(60_000)).toBe(0);
    expect(await feed().purgeTombstones(-1)).toBe(1);
    expect(await feed().purgeTombstones(-1)).toBe(0);
    expect(await feed().list()).toEqual([{ key: db, value: 1 }]);
  });
};
