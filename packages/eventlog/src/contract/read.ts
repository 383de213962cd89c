import { collect, event, META, type OpenLog } from "./harness.ts";

export const describeRead = (open: OpenLog): void => {
  /** Ten events: pod/demo/a at the odd positions, pod/other/b at the even ones, PodScheduled from position 6 on. */
  const tenEvents = async () => {
    const log = await open();
    for (let i = 0; i < 10; i++) {
      const stream = i % 2 === 0 ? "pod/demo/a" : "pod/other/b";
      await log.append(
        [{ stream, expected: Math.floor(i / 2), events: [event(i < 5 ? "PodCreated" : "PodScheduled")] }],
        META,
      );
    }
    return log;
  };
  const positions = (events: readonly { position: number }[]) => events.map(({ position }) => position);

  describe("read", () => {
    it("yields nothing from an empty log, and nothing beyond the head", async () => {
      const log = await open();
      expect(await collect(log.read(1))).toEqual([]);
      await log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
      expect(await collect(log.read(2))).toEqual([]);
      expect(await collect(log.read(1_000))).toEqual([]);
    });

    it.each([
      [{}, [4, 5, 6, 7, 8, 9, 10]],
      [{ to: 6 }, [4, 5, 6]],
      [{ limit: 2 }, [4, 5]],
      [{ limit: 0 }, []],
      [{ streams: ["pod/demo/a"] }, [5, 7, 9]],
      [{ streams: ["pod/demo/a", "pod/other/b"], limit: 3 }, [4, 5, 6]],
      [{ streams: [] }, []],
      [{ streamPrefix: "pod/other/" }, [4, 6, 8, 10]],
      [{ streamPrefix: "pod/demo/", to: 8, limit: 5 }, [5, 7]],
      [{ types: ["PodScheduled"] }, [6, 7, 8, 9, 10]],
      [{ types: ["PodScheduled"], streamPrefix: "pod/o", limit: 2 }, [6, 8]],
      [{ types: ["PodDeleted"] }, []],
    ])("honours %j", async (options, expected) => {
      const log = await tenEvents();
      expect(positions(await collect(log.read(4, options)))).toEqual(expected);
    });

    it("yields batches of at most the size asked for", async () => {
      const log = await tenEvents();
      const sizes: number[] = [];
      for await (const batch of log.read(1, { batchSize: 4 })) sizes.push(batch.length);
      expect(sizes).toEqual([4, 4, 2]);
    });

    it("crosses pages without a gap", async () => {
      const log = await open();
      const events = Array.from({ length: 4_100 }, () => event());
      await log.append([{ stream: "pod/demo/a", expected: 0, events }], META);
      const read = await collect(log.read(1));
      expect(positions(read)).toEqual(Array.from({ length: 4_100 }, (_, i) => i + 1));
      expect(read.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(positions(await collect(log.read(1, { limit: 2_500 }))).at(-1)).toBe(2_500);
    });

    it("stops at the head that it found, though the log grows meanwhile", async () => {
      const log = await tenEvents();
      const seen: number[] = [];
      for await (const batch of log.read(1, { batchSize: 1 })) {
        seen.push(...positions(batch));
        if (seen.length === 1) await log.append([{ stream: "pod/demo/a", expected: 5, events: [event()] }], META);
      }
      expect(seen).toHaveLength(10);
    });

    it("ends with the signal's reason when aborted", async () => {
      const log = await tenEvents();
      const stop = new AbortController();
      const reason = new Error("enough");
      const reading = async () => {
        for await (const _ of log.read(1, { batchSize: 2, signal: stop.signal })) stop.abort(reason);
      };
      await expect(reading()).rejects.toBe(reason);
    });
  });

  describe("readStream", () => {
    it("answers all events of the stream, or those from a version on", async () => {
      const log = await tenEvents();
      const all = await log.readStream("pod/demo/a");
      expect(all.map(({ version, position }) => [version, position])).toEqual([
        [1, 1],
        [2, 3],
        [3, 5],
        [4, 7],
        [5, 9],
      ]);
      expect((await log.readStream("pod/demo/a", { fromVersion: 4 })).map(({ version }) => version)).toEqual([4, 5]);
      expect(await log.readStream("pod/demo/a", { fromVersion: 6 })).toEqual([]);
      expect(await log.readStream("pod/demo/none")).toEqual([]);
    });
  });

  describe("upcasting", () => {
    it("shows every reader the event in today's shape", async () => {
      const writer = await tenEvents();
      const log = await open({
        upcast: (old) => (old.type === "PodCreated" ? { ...old, type: "PodBorn", data: { was: old.data } } : old),
      });
      expect((await collect(log.read(1))).slice(0, 6).map(({ type }) => type)).toEqual([
        "PodBorn",
        "PodBorn",
        "PodBorn",
        "PodBorn",
        "PodBorn",
        "PodScheduled",
      ]);
      expect((await log.readStream("pod/demo/a"))[0]?.type).toBe("PodBorn");
      expect((await writer.readStream("pod/demo/a"))[0]?.type).toBe("PodCreated");
    });
  });
};
