import { manualClock } from "./manual-clock.ts";

describe("manualClock", () => {
  it("stands still until it is advanced", () => {
    const clock = manualClock(1_000);
    clock.schedule(0, () => {
      throw new Error("ran by itself");
    });
    expect(clock.now()).toBe(1_000);
    expect(clock.pending()).toBe(1);
  });

  it("runs due timers in the order of their moments, ties in the order of their making", async () => {
    const clock = manualClock();
    const ran: string[] = [];
    clock.schedule(20, () => ran.push(`c@${clock.now()}`));
    clock.schedule(10, () => ran.push(`a@${clock.now()}`));
    clock.schedule(10, () => ran.push(`b@${clock.now()}`));
    clock.schedule(21, () => ran.push("late"));
    await clock.advance(20);
    expect(ran).toEqual(["a@10", "b@10", "c@20"]);
    expect(clock.now()).toBe(20);
  });

  it("lets promises settle between timers, so that a timer which they set still runs in time", async () => {
    const clock = manualClock();
    const ran: number[] = [];
    const pause = (ms: number) => new Promise<void>((resolve) => void clock.schedule(ms, resolve));
    const loop = async () => {
      for (let i = 0; i < 3; i++) {
        await pause(10);
        ran.push(clock.now());
      }
    };
    const looping = loop();
    await clock.advance(30);
    await looping;
    expect(ran).toEqual([10, 20, 30]);
  });

  it("does not run a timer that was cancelled, also by another timer of the same moment", async () => {
    const clock = manualClock();
    let ran = false;
    const second = { cancel: () => {} };
    clock.schedule(5, () => second.cancel());
    second.cancel = clock.schedule(5, () => {
      ran = true;
    }).cancel;
    await clock.advance(10);
    expect(ran).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
