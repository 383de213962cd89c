import { manualClock } from "@slipway/testkit";
import { type Component, startComponents } from "./components.ts";

const setUp = () => {
  const calls: string[] = [];
  const part = (name: string, own: Partial<Component> = {}): Component => ({
    name,
    start: async () => void calls.push(`start ${name}`),
    stop: async (deadlineMs) => void calls.push(`stop ${name} ${deadlineMs}`),
    ...own,
  });
  return { calls, part };
};

describe("startComponents", () => {
  it("starts in order and stops in the reverse order", async () => {
    const { calls, part } = setUp();
    const clock = manualClock();
    const running = await startComponents([part("a"), part("b"), part("c")], { clock });
    await running.stop(100);
    expect(calls).toEqual(["start a", "start b", "start c", "stop c 100", "stop b 100", "stop a 100"]);
    expect(clock.pending()).toBe(0);
  });

  it("stops what had started when a part fails, and throws that part's error", async () => {
    const { calls, part } = setUp();
    const broken = part("b", { start: () => Promise.reject(new Error("no b")) });
    const stubborn = part("a", { stop: () => Promise.reject(new Error("no end")) });
    await expect(startComponents([part("first"), stubborn, broken, part("never")])).rejects.toThrow("no b");
    expect(calls).toEqual(["start first", "start a", expect.stringMatching(/^stop first/)]);
  });

  it("starts nothing more once it is told to give up", async () => {
    const { calls, part } = setUp();
    const giveUp = new AbortController();
    const slow = part("slow", { start: async () => giveUp.abort(new Error("given up")) });
    await expect(startComponents([slow, part("next")], { signal: giveUp.signal })).rejects.toThrow("given up");
    expect(calls).toEqual([expect.stringMatching(/^stop slow/)]);
  });

  it("gives all parts one deadline together, and leaves a late one behind", async () => {
    const { calls, part } = setUp();
    const clock = manualClock();
    const hung = part("hung", { stop: () => new Promise(() => {}) });
    const slow = part("slow", { stop: () => new Promise((resolve) => void clock.schedule(400, resolve)) });
    const running = await startComponents([part("a"), hung, slow], { clock });
    const failed = expect(running.stop(1_000)).rejects.toMatchObject({
      code: "DeadlineExceeded",
      fields: { component: "hung", deadlineMs: 600 },
    });
    await clock.advance(2_000);
    await failed;
    expect(calls.at(-1)).toBe("stop a 0");
  });

  it("stops once, however often it is asked", async () => {
    const { calls, part } = setUp();
    const running = await startComponents([part("a")]);
    await Promise.all([running.stop(10), running.stop(10)]);
    await running.stop(10);
    expect(calls).toEqual(["start a", "stop a 10"]);
  });
});
