import { systemClock } from "@slipway/kernel";
import { createBuildLog } from "./build-log.ts";
import { createMask } from "./mask.ts";

const start = (publish: (lines: readonly { text: string }[]) => Promise<void>) =>
  createBuildLog({ publish, clock: systemClock, mask: createMask(["s3cret"]) });

describe("a build's log", () => {
  it("streams lines in order and gathers those that come together", async () => {
    const batches: string[][] = [];
    const log = start(async (lines) => void batches.push(lines.map(({ text }) => text)));
    for (let i = 0; i < 1_200; i++) log.line(`line ${i}`);
    await log.close();
    expect(batches.flat()).toEqual(Array.from({ length: 1_200 }, (_, i) => `line ${i}`));
    expect(batches.length).toBeLessThan(5);
  });

  it("sends lines while the build still runs", async () => {
    const seen = Promise.withResolvers<void>();
    const log = start(async () => seen.resolve());
    log.line("early");
    await seen.promise;
    await log.close();
  });

  it("hides secrets in what is stored and in what is kept", async () => {
    const texts: string[] = [];
    const log = start(async (lines) => void texts.push(...lines.map(({ text }) => text)));
    log.line("push with s3cret to http://joe:pw@host/");
    await log.close();
    expect(texts).toEqual(["push with *** to http://***@host/"]);
    expect(log.snippet()).toBe(texts[0]);
  });

  it("tries again when the bus was away, without losing or repeating a line", async () => {
    const texts: string[] = [];
    let failures = 1;
    const log = start(async (lines) => {
      if (failures-- > 0) throw new Error("away");
      texts.push(...lines.map(({ text }) => text));
    });
    log.line("one");
    log.line("two");
    await log.close();
    expect(texts).toEqual(["one", "two"]);
  });

  it("does not wait for ever for a bus that stays away", async () => {
    const log = start(() => Promise.reject(new Error("away")));
    log.line("one");
    await log.close(20);
    expect(log.snippet()).toBe("one");
  });

  it("keeps the last 30 lines and 4 KiB", async () => {
    const log = start(async () => {});
    for (let i = 0; i < 50; i++) log.line(`line ${i}`);
    expect(log.snippet().split("\n")).toHaveLength(30);
    expect(log.snippet().endsWith("line 49")).toBe(true);
    for (let i = 0; i < 30; i++) log.line("x".repeat(1_000));
    expect(log.snippet().split("\n")).toHaveLength(4);
    await log.close();
  });

  it("keeps the end of a line that alone is too long", async () => {
    const log = start(async () => {});
    log.line(`${"x".repeat(10_000)}end`);
    expect(log.snippet()).toHaveLength(1_024);
    expect(log.snippet().endsWith("end")).toBe(true);
    await log.close();
  });
});
