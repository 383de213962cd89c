import { isSlipwayError } from "@slipway/kernel";
import fc from "fast-check";
import { CONTRACT_TYPES, collect, event, META } from "./contract/harness.ts";
import { MemoryEventLog } from "./memory.ts";
import type { ExpectedVersion, StreamAppend } from "./port.ts";

const STREAMS = ["pod/demo/a", "pod/demo/b", "pod/other/a", "node/_/n"];

/** Batches over few streams with expectations that are right, stale or ahead, so that conflicts are common. */
const batches = fc.array(
  fc.uniqueArray(
    fc.record({
      stream: fc.constantFrom(...STREAMS),
      expected: fc.oneof(fc.constant<ExpectedVersion>("any"), fc.constant("right" as const), fc.nat(6)),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 4, selector: ({ stream }) => stream },
  ),
  { maxLength: 30 },
);

describe("the log in memory", () => {
  it("stays gapless and whole, as a plain list of versions predicts, under any batches", async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (plan) => {
        const log = new MemoryEventLog({ knownTypes: CONTRACT_TYPES });
        const versions = new Map(STREAMS.map((stream) => [stream, 0]));
        const stored: string[] = [];
        for (const wishes of plan) {
          const batch = wishes.map(({ stream, expected, count }): StreamAppend => {
            const version = versions.get(stream) ?? 0;
            const events = Array.from({ length: count }, () => event());
            return { stream, expected: expected === "right" ? version : expected, events };
          });
          const fits = batch.every(({ stream, expected }) => expected === "any" || expected === versions.get(stream));
          const ids = batch.flatMap(({ events }) => events.map(({ id }) => id));
          if (fits) {
            const { positions } = await log.append(batch, META);
            expect(positions).toEqual(ids.map((_, i) => stored.length + 1 + i));
            stored.push(...ids);
            for (const { stream, events } of batch) versions.set(stream, (versions.get(stream) ?? 0) + events.length);
          } else {
            const error: unknown = await log.append(batch, META).catch((reason: unknown) => reason);
            expect(isSlipwayError(error, "VersionConflict")).toBe(true);
          }
        }
        const all = await collect(log.read(1));
        expect(all.map(({ id, position }) => [id, position])).toEqual(stored.map((id, i) => [id, i + 1]));
        for (const stream of STREAMS) {
          const own = await log.readStream(stream);
          expect(own.map(({ version }) => version)).toEqual(
            Array.from({ length: versions.get(stream) ?? 0 }, (_, i) => i + 1),
          );
          expect(own.map(({ position }) => position)).toEqual(
            all.filter((e) => e.stream === stream).map((e) => e.position),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});
