import { deferred, type StoredEvent } from "@slipway/kernel";
import { event, META, type OpenLog, refusal, take } from "./harness.ts";

export const describeFollow = (open: OpenLog): void => {
  describe("follow", () => {
    it("yields what is stored, then what is appended, by whomever", async () => {
      const log = await open();
      const other = await open();
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [event(), event()] }], META);
      const stop = new AbortController();
      const seen: StoredEvent[] = [];
      const caughtUp = deferred();
      const done = deferred();
      const following = (async () => {
        for await (const batch of log.follow(1, stop.signal)) {
          seen.push(...batch);
          if (seen.length === 2) caughtUp.resolve();
          if (seen.length === 5) done.resolve();
        }
      })();
      await caughtUp.promise;
      await log.append([{ stream: "pod/demo/a", expected: 2, events: [event()] }], META);
      await other.append([{ stream: "pod/demo/b", expected: 0, events: [event(), event()] }], META);
      await done.promise;
      stop.abort();
      await following;
      expect(seen.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5]);
    });

    it("begins where it is told, also ahead of the head", async () => {
      const log = await open();
      const stop = new AbortController();
      const third = take(log.follow(3, stop.signal), 1);
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [event(), event(), event()] }], META);
      expect((await third).map(({ position }) => position)).toEqual([3]);
      stop.abort();
    });

    it("ends quietly when the signal aborts while it waits", async () => {
      const log = await open();
      const stop = new AbortController();
      const ended = take(log.follow(1, stop.signal), 1);
      await log.head();
      stop.abort();
      expect(await ended).toEqual([]);
    });

    it("ends quietly when the log is closed", async () => {
      const log = await open();
      const ended = take(log.follow(1, new AbortController().signal), 1);
      await log.head();
      await log.close();
      expect(await ended).toEqual([]);
    });

    it("refuses what is no position", async () => {
      const log = await open();
      expect((await refusal(take(log.follow(0, new AbortController().signal), 1))).code).toBe("UnknownPosition");
    });
  });

  describe("onAppended", () => {
    it("calls after an append by another writer, until it is ended", async () => {
      const log = await open();
      const other = await open();
      let calls = 0;
      let called = deferred();
      const end = log.onAppended(() => {
        calls++;
        called.resolve();
      });
      const stop = new AbortController();
      await other.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
      await called.promise;
      called = deferred();
      await log.append([{ stream: "pod/demo/b", expected: 0, events: [event()] }], META);
      await called.promise;
      end();
      const before = calls;
      await log.append([{ stream: "pod/demo/c", expected: 0, events: [event()] }], META);
      expect(await take(log.follow(3, stop.signal), 1)).toHaveLength(1);
      stop.abort();
      expect(calls).toBe(before);
    });
  });
};
