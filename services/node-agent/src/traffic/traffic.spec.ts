import { type ManualClock, manualClock } from "@slipway/testkit";
import type { Services } from "./services.ts";
import { type Traffic, traffic } from "./traffic.ts";

let clock: ManualClock;
let sendsTo: boolean;
let flushes: number;
let traffics: Traffic;

beforeEach(() => {
  clock = manualClock();
  sendsTo = true;
  flushes = 0;
  const known = { sendsTo: () => sendsTo, feed: { values: () => [] } } as unknown as Services;
  traffics = traffic(() => known, clock);
  traffics.directors([
    {
      nudge: () => {},
      flush: async () => {
        flushes++;
      },
    },
  ]);
});

const drain = () => {
  let done = false;
  void traffics.drain("u1", 1_000).then(() => {
    done = true;
  });
  return () => done;
};

describe("a pod that leaves the traffic", () => {
  it("waits for this node's own addresses and edge, and for the control plane to have told all nodes", async () => {
    const done = drain();
    expect(traffics.draining.has("u1")).toBe(true);
    await clock.advance(500);
    expect([done(), flushes]).toEqual([false, 1]);
    sendsTo = false;
    traffics.changed();
    await clock.advance(0);
    expect(done()).toBe(true);
  });

  it("does not wait for longer than it may", async () => {
    const done = drain();
    await clock.advance(999);
    expect(done()).toBe(false);
    await clock.advance(1);
    expect(done()).toBe(true);
  });

  it("does not wait at all when nothing led to it", async () => {
    sendsTo = false;
    const done = drain();
    await clock.advance(0);
    expect([done(), flushes]).toEqual([true, 0]);
  });
});
