import { deferred } from "@slipway/kernel";
import { manualClock } from "@slipway/testkit";
import { debounce } from "./debounce.ts";

const setUp = () => {
  const clock = manualClock();
  const runs: number[] = [];
  const batch = debounce({ clock, run: () => void runs.push(clock.now()) });
  return { clock, runs, batch };
};

describe("debounce", () => {
  it("runs once, 50 ms after the last of some nudges", async () => {
    const { clock, runs, batch } = setUp();
    for (let i = 0; i < 3; i++) {
      batch.nudge();
      await clock.advance(20);
    }
    await clock.advance(1_000);
    expect(runs).toEqual([90]);
  });

  it("does not wait for longer than 1 s when the nudges never pause", async () => {
    const { clock, runs, batch } = setUp();
    for (let i = 0; i < 250; i++) {
      batch.nudge();
      await clock.advance(10);
    }
    expect(runs).toEqual([1_000, 2_000]);
  });

  it("never runs twice at once, and runs once more for the nudges that came during a run", async () => {
    const clock = manualClock();
    const ends = [deferred(), deferred()];
    let started = 0;
    const batch = debounce({ clock, run: () => ends[started++]?.promise });
    batch.nudge();
    await clock.advance(50);
    batch.nudge();
    batch.nudge();
    await clock.advance(500);
    expect(started).toBe(1);
    ends[0]?.resolve();
    await clock.advance(50);
    expect(started).toBe(2);
    ends[1]?.resolve();
    await clock.advance(5_000);
    expect(started).toBe(2);
  });

  it("runs at once when flushed, and not at all when nothing was asked for", async () => {
    const { clock, runs, batch } = setUp();
    await batch.flush();
    expect(runs).toEqual([]);
    batch.nudge();
    await batch.flush();
    expect(runs).toEqual([0]);
    expect(clock.pending()).toBe(0);
  });

  it("forgets what waits when it is stopped", async () => {
    const { clock, runs, batch } = setUp();
    batch.nudge();
    await batch.stop();
    batch.nudge();
    await clock.advance(1_000);
    expect(runs).toEqual([]);
  });
});
