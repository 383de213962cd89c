import type { BusUnderTest } from "./contract.ts";
import { ensureTopology } from "./topology.ts";

/** One bus for each test of a suite, with its streams, gone after the test. */
export const eachWithBus = (
  start: () => Promise<BusUnderTest>,
  streams: "with-streams" | "without-events",
): { readonly it: BusUnderTest; readonly signal: AbortSignal } => {
  let current: BusUnderTest | undefined;
  let stopping = new AbortController();
  beforeEach(async () => {
    stopping = new AbortController();
    current = await start();
    await ensureTopology(current.bus.transport, streams === "with-streams" ? { eventsOffset: 0 } : {});
  });
  afterEach(async () => {
    stopping.abort();
    await current?.stop();
  });
  return {
    get it() {
      if (current === undefined) throw new Error("There is a bus only inside a test.");
      return current;
    },
    /** Aborts when the test is over. */
    get signal() {
      return stopping.signal;
    },
  };
};

/** The first `count` items of batches, in one array. Stops reading then. */
export const takeItems = async <T>(batches: AsyncIterable<readonly T[]>, count: number): Promise<T[]> => {
  const items: T[] = [];
  for await (const batch of batches) {
    items.push(...batch);
    if (items.length >= count) break;
  }
  return items;
};

/** The items up to and including the first that `isLast` holds for. */
export const takeUntil = async <T>(items: AsyncIterable<T>, isLast: (item: T) => boolean): Promise<T[]> => {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (isLast(item)) break;
  }
  return taken;
};

export const takeAll = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
};

/** Waits until something is so. */
export const eventually = async (isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> => {
  const until = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(`Not so within ${withinMs} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
