import { randomUUID } from "node:crypto";
import { collect, event, META, type OpenLog, refusal } from "./harness.ts";

export const describeAppend = (open: OpenLog): void => {
  describe("append", () => {
    it("gives positions from 1 without a gap, and versions from 1 within each stream", async () => {
      const log = await open();
      const first = await log.append(
        [{ stream: "pod/demo/a", expected: 0, events: [event(), event("PodScheduled")] }],
        META,
      );
      const second = await log.append([{ stream: "pod/demo/b", expected: 0, events: [event()] }], META);
      expect(first).toEqual({ position: 2, positions: [1, 2], duplicate: false });
      expect(second).toEqual({ position: 3, positions: [3], duplicate: false });
      const events = await collect(log.read(1));
      expect(events.map(({ position, stream, version }) => [position, stream, version])).toEqual([
        [1, "pod/demo/a", 1],
        [2, "pod/demo/a", 2],
        [3, "pod/demo/b", 1],
      ]);
    });

    it("keeps type, data, id, metadata and a time that never runs backwards", async () => {
      const log = await open();
      const data = {
        text: 'quote " backslash \\ unicode ☃ 𝄞 \\u0000',
        list: [1, -2.5, true, null, {}],
        deep: { a: { b: 0 } },
      };
      const given = event("PodCreated", data);
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [given] }], { ...META, source: "10.0.0.1:5" });
      await log.append([{ stream: "pod/demo/a", expected: 1, events: [event()] }], META);
      const [one, two] = await log.readStream("pod/demo/a");
      expect(one).toMatchObject({ id: given.id, type: "PodCreated", data, meta: { ...META, source: "10.0.0.1:5" } });
      expect(one?.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect((one?.recordedAt ?? "") <= (two?.recordedAt ?? "")).toBe(true);
    });

    it("stores many streams at once or not at all", async () => {
      const log = await open();
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
      const error = await refusal(
        log.append(
          [
            { stream: "pod/demo/new", expected: 0, events: [event()] },
            { stream: "pod/demo/a", expected: 0, events: [event()] },
          ],
          META,
        ),
      );
      expect(error.code).toBe("VersionConflict");
      expect(await log.head()).toBe(1);
      expect(await log.readStream("pod/demo/new")).toEqual([]);
      const both = await log.append(
        [
          { stream: "pod/demo/new", expected: 0, events: [event(), event()] },
          { stream: "pod/demo/a", expected: 1, events: [event()] },
        ],
        META,
      );
      expect(both.positions).toEqual([2, 3, 4]);
    });

    it("names stream, expected and actual version in a conflict", async () => {
      const log = await open();
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [event(), event()] }], META);
      for (const expected of [0, 1, 3]) {
        const error = await refusal(log.append([{ stream: "pod/demo/a", expected, events: [event()] }], META));
        expect(error).toMatchObject({ code: "VersionConflict", class: "Conflict" });
        expect(error.fields).toEqual({ stream: "pod/demo/a", expected, actual: 2 });
      }
    });

    it('appends at whatever version with "any"', async () => {
      const log = await open();
      for (let i = 0; i < 3; i++)
        await log.append([{ stream: "pod/demo/a", expected: "any", events: [event()] }], META);
      expect((await log.readStream("pod/demo/a")).map(({ version }) => version)).toEqual([1, 2, 3]);
    });

    it("answers a repeated batch with its first result, whatever became of the stream", async () => {
      const log = await open();
      const batch = [
        { stream: "pod/demo/a", expected: 0, events: [event(), event()] },
        { stream: "pod/demo/b", expected: 0, events: [event()] },
      ];
      const first = await log.append(batch, META);
      await log.append([{ stream: "pod/demo/a", expected: 2, events: [event()] }], META);
      expect(await log.append(batch, META)).toEqual({ ...first, duplicate: true });
      expect(await log.head()).toBe(4);
    });

    it("stores a batch once that is sent twice at the same time", async () => {
      const log = await open();
      const batch = [{ stream: "pod/demo/a", expected: 0, events: [event()] }];
      const results = await Promise.all([log.append(batch, META), log.append(batch, META)]);
      expect(results.map(({ position }) => position)).toEqual([1, 1]);
      expect(results.map(({ duplicate }) => duplicate).sort()).toEqual([false, true]);
      expect(await log.head()).toBe(1);
    });

    it("refuses a batch of which only some ids are known", async () => {
      const log = await open();
      const known = event();
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [known] }], META);
      const error = await refusal(log.append([{ stream: "pod/demo/a", expected: 1, events: [event(), known] }], META));
      expect(error.code).toBe("DuplicateEventId");
      expect(error.fields).toEqual({ id: known.id, position: 1 });
      expect(await log.head()).toBe(1);
    });

    it("takes ids in capitals for the same ids", async () => {
      const log = await open();
      const id = randomUUID();
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [{ ...event(), id: id.toUpperCase() }] }], META);
      const again = await log.append([{ stream: "pod/demo/a", expected: 0, events: [{ ...event(), id }] }], META);
      expect(again.duplicate).toBe(true);
      expect((await log.readStream("pod/demo/a"))[0]?.id).toBe(id);
    });

    it("lets a conflict fail alone among concurrent appends", async () => {
      const log = await open();
      await log.append([{ stream: "pod/demo/hot", expected: 0, events: [event()] }], META);
      const attempts = Array.from({ length: 50 }, (_, i) =>
        log.append(
          [{ stream: i % 5 === 0 ? "pod/demo/hot" : `pod/demo/p-${i}`, expected: 0, events: [event()] }],
          META,
        ),
      );
      const results = await Promise.allSettled(attempts);
      expect(results.map(({ status }) => status)).toEqual(
        Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? "rejected" : "fulfilled")),
      );
      const positions = results.flatMap((result) => (result.status === "fulfilled" ? result.value.positions : []));
      expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 2));
    });

    it("lets appends that build on one another in one caller's order succeed", async () => {
      const log = await open();
      const attempts = Array.from({ length: 20 }, (_, i) =>
        log.append([{ stream: "pod/demo/a", expected: i, events: [event()] }], META),
      );
      expect((await Promise.all(attempts)).map(({ position }) => position)).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    });

    it("stores nothing for a call that was aborted before it began", async () => {
      const log = await open();
      const reason = new Error("changed my mind");
      const batch = [{ stream: "pod/demo/a", expected: 0, events: [event()] }];
      await expect(log.append(batch, META, AbortSignal.abort(reason))).rejects.toBe(reason);
      expect(await log.head()).toBe(0);
    });

    it("is refused after close", async () => {
      const log = await open();
      await log.close();
      const error = await refusal(log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META));
      expect(error.code).toBe("Cancelled");
    });
  });
};
