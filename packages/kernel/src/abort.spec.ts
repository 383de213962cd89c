import { abortable, delay, linkedSignal, raceSignal } from "./abort.ts";

describe("delay", () => {
  it("ends with the signal's reason when the signal aborts first", async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    controller.abort(new Error("stop"));
    await expect(waiting).rejects.toThrow("stop");
  });

  it("does not start under an aborted signal", async () => {
    let started = false;
    const run = abortable(AbortSignal.abort(new Error("gone")), () => {
      started = true;
      return () => {};
    });
    await expect(run).rejects.toThrow("gone");
    expect(started).toBe(false);
  });
});

describe("linkedSignal", () => {
  it("aborts with the first of its parents", () => {
    const first = new AbortController();
    const linked = linkedSignal(first.signal, undefined, new AbortController().signal);
    first.abort("why");
    expect(linked.signal.reason).toBe("why");
  });
});

describe("raceSignal", () => {
  it("answers the promise when it is first", async () => {
    expect(await raceSignal(Promise.resolve(7), new AbortController().signal)).toBe(7);
  });
});
