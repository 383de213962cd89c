import { eventually, manualClock } from "@slipway/testkit";
import { batches } from "./batches.ts";

const NEVER = new AbortController().signal;

/** A source that a test feeds. */
const source = <T>() => {
  const queue: T[] = [];
  let taken = 0;
  let ended = false;
  let failure: Error | undefined;
  let wake = Promise.withResolvers<void>();
  const changed = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  return {
    push: (...items: T[]) => {
      queue.push(...items);
      changed();
    },
    end: (error?: Error) => {
      ended = true;
      failure = error;
      changed();
    },
    taken: () => taken,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) {
          taken++;
          yield next;
        } else if (failure !== undefined) throw failure;
        else if (ended) return;
        else await wake.promise;
      }
    },
  };
};

const collect = <T>(iterable: AsyncIterable<readonly T[]>) => {
  const got: (readonly T[])[] = [];
  const done = (async () => {
    for await (const batch of iterable) got.push(batch);
  })();
  return { got, done };
};

describe("batches", () => {
  it("hold what comes within 100 ms of the first", async () => {
    const clock = manualClock();
    const input = source<number>();
    const { got, done } = collect(batches(input, clock, NEVER));
    input.push(1, 2);
    await clock.advance(99);
    expect(got).toEqual([]);
    input.push(3);
    await clock.advance(1);
    expect(got).toEqual([[1, 2, 3]]);
    input.push(4);
    input.end();
    await done;
    expect(got).toEqual([[1, 2, 3], [4]]);
  });

  it("go out at 64 without waiting", async () => {
    const clock = manualClock();
    const input = source<number>();
    const { got } = collect(batches(input, clock, NEVER));
    input.push(...Array.from({ length: 130 }, (_, index) => index));
    await eventually(() => got.length === 2 || undefined);
    expect(got.map(({ length }) => length)).toEqual([64, 64]);
    input.end();
  });

  it("read no further ahead than they may while nobody takes them", async () => {
    const input = source<number>();
    const iterator = batches(input, manualClock(), NEVER)[Symbol.asyncIterator]();
    input.push(...Array.from({ length: 5_000 }, (_, index) => index));
    await iterator.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(input.taken()).toBeLessThanOrEqual(1_024 + 64);
    let count = 64;
    while (count < 4_992) count += (await iterator.next()).value?.length ?? 0;
    expect(count).toBe(4_992);
    input.end();
  });

  it("give what was read before the source failed, then its error", async () => {
    const input = source<number>();
    const { got, done } = collect(batches(input, manualClock(), NEVER));
    input.push(1);
    input.end(new Error("broken"));
    await expect(done).rejects.toThrow("broken");
    expect(got).toEqual([[1]]);
  });

  it("end with the signal", async () => {
    const stop = new AbortController();
    const { done } = collect(batches(source<number>(), manualClock(), stop.signal));
    stop.abort();
    await done;
  });
});
