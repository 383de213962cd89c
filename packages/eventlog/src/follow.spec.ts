import { type Clock, SlipwayError, type StoredEvent, systemClock } from "@slipway/kernel";
import { META, take } from "./contract/harness.ts";
import { follow } from "./follow.ts";
import { HeadSignal } from "./head-signal.ts";

const eventAt = (position: number): StoredEvent => ({
  id: String(position),
  type: "PodCreated",
  data: {},
  position,
  stream: "pod/demo/a",
  version: position,
  meta: META,
  recordedAt: "2026-01-01T00:00:00.000Z",
});

/** Time that passes at once. */
const hasty: Clock = { now: systemClock.now, schedule: (_, run) => systemClock.schedule(0, run) };

const followPages = (pages: readonly (readonly StoredEvent[] | Error)[], clock: Clock = hasty) => {
  const asked: number[] = [];
  const stop = new AbortController();
  const page = async (from: number) => {
    const answer = pages[asked.push(from) - 1] ?? [];
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const nudges = new HeadSignal();
  const events = follow({ from: 1, signal: stop.signal, page, nudges, pollMs: 1_000, clock });
  return { events, asked, stop, nudges };
};

describe("follow", () => {
  it("goes on where it was after the store was away, without a nudge", async () => {
    const away = new SlipwayError("LogUnavailable", "away");
    const { events, asked } = followPages([[eventAt(1)], away, away, [], [eventAt(2), eventAt(3)]]);
    expect((await take(events, 3)).map(({ position }) => position)).toEqual([1, 2, 3]);
    expect(asked).toEqual([1, 2, 2, 2, 2]);
  });

  it("stops loudly at a gap, and at what no waiting can mend", async () => {
    await expect(take(followPages([[eventAt(1)], [eventAt(3)]]).events, 2)).rejects.toMatchObject({ code: "Internal" });
    const tooNew = new SlipwayError("SchemaTooNew", "too new");
    await expect(take(followPages([tooNew]).events, 1)).rejects.toBe(tooNew);
  });

  it("misses no nudge that comes while it looks", async () => {
    const nudges = new HeadSignal();
    const stored: StoredEvent[] = [];
    const never: Clock = { now: () => 0, schedule: () => ({ cancel: () => {} }) };
    const page = async (from: number) => {
      const answer = stored.slice(from - 1);
      if (stored.length === 0) {
        stored.push(eventAt(1));
        nudges.reached(1);
      }
      return answer;
    };
    const events = follow({ from: 1, signal: new AbortController().signal, page, nudges, pollMs: 1, clock: never });
    expect(await take(events, 1)).toHaveLength(1);
  });
});

describe("HeadSignal", () => {
  it("passes on news only, until it knows nothing for sure", () => {
    const signal = new HeadSignal();
    let calls = 0;
    const end = signal.subscribe(() => calls++);
    signal.reached(5);
    signal.reached(5);
    signal.reached(4);
    expect(calls).toBe(1);
    signal.unknown();
    signal.reached(4);
    expect(calls).toBe(3);
    end();
    signal.reached(9);
    expect(calls).toBe(3);
  });
});
