import { seededRandom, systemClock } from "@slipway/kernel";
import { FeedOwner } from "./feed-owner.ts";
import { type MemoryBus, memoryBus } from "./memory.ts";
import { ensureTopology } from "./topology.ts";

let bus: MemoryBus;
const wishes = new Map<string, { node: string; uid: string; value: unknown }>();

beforeEach(async () => {
  bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
  await ensureTopology(bus.transport, { eventsOffset: 0 });
  wishes.clear();
});

afterEach(() => bus.close());

const owner = () =>
  new FeedOwner({
    feed: bus.assignments,
    ids: () => wishes.keys(),
    wanted: (id) => {
      const wish = wishes.get(id);
      return wish && { key: { node: wish.node, uid: wish.uid }, value: { id, value: wish.value } };
    },
    idOf: (_key, value) => (value as { id: string }).id,
  });

const held = async () =>
  Object.fromEntries(
    (await bus.assignments.list()).map(({ key, value }) => [
      `${key.node}/${key.uid}`,
      (value as { value: unknown }).value,
    ]),
  );

describe("the owner of a feed", () => {
  it("removes what nothing stands behind and writes what is missing", async () => {
    await bus.assignments.put({ node: "n", uid: "ghost" }, { id: "ghost", value: 1 });
    wishes.set("a", { node: "n", uid: "1", value: "x" });
    await owner().restore();
    expect(await held()).toEqual({ "n/1": "x" });
  });

  it("writes a value once, whatever the order of its fields", async () => {
    const one = owner();
    let puts = 0;
    const { put } = bus.assignments;
    Object.assign(bus.assignments, {
      put: (...args: Parameters<typeof put>) => {
        puts++;
        return put(...args);
      },
    });
    wishes.set("a", { node: "n", uid: "1", value: { x: 1, y: 2 } });
    await one.reconcile("a");
    wishes.set("a", { node: "n", uid: "1", value: { y: 2, x: 1 } });
    await one.reconcile("a");
    expect(puts).toBe(1);
    wishes.set("a", { node: "n", uid: "1", value: { y: 3, x: 1 } });
    await one.reconcile("a");
    expect(puts).toBe(2);
  });

  it("moves a value whose key changed", async () => {
    const one = owner();
    wishes.set("a", { node: "n", uid: "1", value: "x" });
    await one.reconcile("a");
    wishes.set("a", { node: "n", uid: "2", value: "y" });
    await one.reconcile("a");
    expect(await held()).toEqual({ "n/2": "y" });
    wishes.delete("a");
    await one.reconcile("a");
    expect(await held()).toEqual({});
  });
});
