import { manualClock } from "@slipway/testkit";
import { keyQueue } from "./queue.ts";

const setUp = () => {
  const clock = manualClock();
  const nudges = { count: 0 };
  const queue = keyQueue(clock, () => {
    nudges.count++;
  });
  return { clock, queue, nudges };
};

describe("keyQueue", () => {
  it("gives keys in the order of their arrival, each once", () => {
    const { queue, nudges } = setUp();
    for (const key of ["a", "b", "a", "c", "b"]) queue.add(key);
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual(["a", "b", "c", undefined]);
    expect(nudges.count).toBe(3);
  });

  it("keeps back a key that is added while it runs, and gives it once after that run", () => {
    const { queue } = setUp();
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.add("a");
    expect(queue.depth).toBe(1);
    expect(queue.take()).toBeUndefined();
    queue.done("a");
    expect(queue.take()).toBe("a");
    queue.done("a");
    expect(queue.take()).toBeUndefined();
  });

  it("lets the earlier of two delays win, in either order", async () => {
    const { clock, queue } = setUp();
    queue.addAfter("long-first", 100);
    queue.addAfter("long-first", 10);
    queue.addAfter("short-first", 10);
    queue.addAfter("short-first", 100);
    await clock.advance(9);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(2);
    expect(clock.pending()).toBe(0);
  });

  it("drops a delay when the key is wanted at once, and a delay on a key that is ready already", async () => {
    const { clock, queue } = setUp();
    queue.addAfter("a", 100);
    queue.add("a");
    queue.addAfter("a", 50);
    expect(clock.pending()).toBe(0);
    expect(queue.take()).toBe("a");
    queue.done("a");
    await clock.advance(200);
    expect(queue.take()).toBeUndefined();
  });

  it("keeps a delay that was asked for while the key runs", async () => {
    const { clock, queue } = setUp();
    queue.add("a");
    queue.take();
    queue.addAfter("a", 20);
    queue.done("a");
    expect(queue.take()).toBeUndefined();
    await clock.advance(20);
    expect(queue.take()).toBe("a");
  });

  it("tells how long the oldest ready key has waited", async () => {
    const { clock, queue } = setUp();
    expect(queue.oldestAgeMs()).toBe(0);
    queue.add("a");
    await clock.advance(30);
    queue.add("b");
    await clock.advance(5);
    expect(queue.oldestAgeMs()).toBe(35);
    queue.take();
    expect(queue.oldestAgeMs()).toBe(5);
  });

  it("leaves no timer behind when it is cleared, and still lets a running key end", () => {
    const { clock, queue } = setUp();
    queue.add("a");
    queue.take();
    queue.add("a");
    queue.add("b");
    queue.addAfter("c", 10);
    queue.clear();
    queue.done("a");
    expect([queue.take(), queue.depth, queue.delayed, queue.running, clock.pending()]).toEqual([undefined, 0, 0, 0, 0]);
  });

  it("loses none of 200,000 keys and keeps their order", () => {
    const { queue } = setUp();
    for (let i = 0; i < 200_000; i++) queue.add(`pod/demo/web-${i}`);
    let taken = 0;
    for (let key = queue.take(); key === `pod/demo/web-${taken}`; key = queue.take()) {
      queue.done(key);
      taken++;
    }
    expect(taken).toBe(200_000);
  });
});
