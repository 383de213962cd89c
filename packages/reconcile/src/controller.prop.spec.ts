import { delay, seededRandom } from "@slipway/kernel";
import { manualClock } from "@slipway/testkit";
import fc from "fast-check";
import { createController } from "./controller.ts";

const KEYS = ["a", "b", "c", "d"] as const;

/** One thing that happens to a controller, `afterMs` after the one before. */
const step = fc.record({
  key: fc.constantFrom(...KEYS),
  afterMs: fc.nat({ max: 20 }),
  delayMs: fc.option(fc.nat({ max: 50 }), { nil: undefined }),
});

/** How the runs of a key go, one after the other; later runs succeed at once. */
const run = fc.record({
  tookMs: fc.nat({ max: 15 }),
  fails: fc.boolean(),
  requeueAfterMs: fc.option(fc.nat({ max: 40 }), { nil: undefined }),
});

describe("a controller, whatever happens to it", () => {
  it("never runs one key twice at once or more keys than it may, and runs every key after it was last added", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.dictionary(fc.constantFrom(...KEYS), fc.array(run, { maxLength: 4 })),
        fc.integer({ min: 1, max: 3 }),
        async (steps, script, concurrency) => {
          const clock = manualClock();
          const running = new Set<string>();
          const lastStartMs = new Map<string, number>();
          const lastWishMs = new Map<string, number>();
          const counts = new Map<string, number>();
          let overlaps = 0;
          let mostAtOnce = 0;
          const controller = createController({
            name: "any",
            clock,
            random: seededRandom(7),
            concurrency,
            reconcile: async (key, signal) => {
              if (running.has(key)) overlaps++;
              running.add(key);
              mostAtOnce = Math.max(mostAtOnce, running.size);
              lastStartMs.set(key, clock.now());
              const count = counts.get(key) ?? 0;
              counts.set(key, count + 1);
              const scripted = script[key]?.[count];
              try {
                if (scripted !== undefined) await delay(scripted.tookMs, signal, clock);
                if (scripted?.fails) throw new Error("scripted");
                return scripted?.requeueAfterMs === undefined ? undefined : { requeueAfterMs: scripted.requeueAfterMs };
              } finally {
                running.delete(key);
              }
            },
          });
          await controller.start();
          for (const { key, afterMs, delayMs } of steps) {
            await clock.advance(afterMs);
            if (delayMs === undefined) controller.add(key);
            else controller.addAfter(key, delayMs);
            lastWishMs.set(key, clock.now());
          }
          await clock.advance(5_000);
          await controller.idle();
          expect(overlaps).toBe(0);
          expect(mostAtOnce).toBeLessThanOrEqual(concurrency);
          for (const [key, wishMs] of lastWishMs) expect(lastStartMs.get(key)).toBeGreaterThanOrEqual(wishMs);
          expect(clock.pending()).toBe(0);
          await controller.stop(100);
        },
      ),
      { numRuns: 100 },
    );
  });
});
