import { randomUUID } from "node:crypto";
import { deferred, SlipwayError } from "@slipway/kernel";
import { Batcher, type SendGroup } from "./batcher.ts";
import { META, refusal } from "./contract/harness.ts";
import { type PreparedBatch, prepareBatch } from "./prepare.ts";

const TYPES = new Set(["PodCreated"]);

const batchOf = (name: string, ids: readonly string[] = [randomUUID()], text = ""): PreparedBatch =>
  prepareBatch(
    [
      {
        stream: `pod/demo/${name}`,
        expected: "any",
        events: ids.map((id) => ({ id, type: "PodCreated", data: { text } })),
      },
    ],
    META,
    TYPES,
  );

/** A log that commits a group only when told to, and remembers the names in each. */
const manualLog = () => {
  const groups: string[][] = [];
  let gate = deferred();
  let arrived = deferred();
  let position = 0;
  const send: SendGroup = async (group) => {
    groups.push(group.map(({ streams }) => streams[0]?.stream.replace("pod/demo/", "") ?? ""));
    arrived.resolve();
    await gate.promise;
    return group.map(() => ({ position: ++position, positions: [position], duplicate: false }));
  };
  return {
    groups,
    send,
    /** Waits until a group is on its way. */
    sent: () => arrived.promise,
    /** Waits for the group on its way and commits it. */
    commit: async () => {
      await arrived.promise;
      arrived = deferred();
      const open = gate;
      gate = deferred();
      open.resolve();
    },
  };
};

describe("the batcher", () => {
  it("sends together what came while the last group was on its way, in order of arrival", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send });
    const first = batcher.append(batchOf("a"));
    await log.commit();
    const later = ["b", "c", "d"].map((name) => batcher.append(batchOf(name)));
    await log.commit();
    const results = await Promise.all([first, ...later]);
    expect(log.groups).toEqual([["a"], ["b", "c", "d"]]);
    expect(results.map(({ position }) => position)).toEqual([1, 2, 3, 4]);
  });

  it("cuts groups at the bounds of events and bytes, but sends a larger batch alone", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send, maxGroupEvents: 3, maxGroupBytes: 5_000 });
    const two = () => [randomUUID(), randomUUID()];
    const appends = [
      batchOf("two", two()),
      batchOf("one"),
      batchOf("next"),
      batchOf("large", undefined, "x".repeat(6_000)),
      batchOf("many", [...two(), ...two()]),
      batchOf("last"),
    ].map((batch) => batcher.append(batch));
    for (let i = 0; i < 5; i++) await log.commit();
    await Promise.all(appends);
    expect(log.groups).toEqual([["two", "one"], ["next"], ["large"], ["many"], ["last"]]);
  });

  it("lets no caller wait for more than the groups before it, however busy the others are", async () => {
    const sizes: number[] = [];
    const batcher = new Batcher({
      maxGroupEvents: 10,
      send: async (group) => {
        sizes.push(group.length);
        return group.map(() => ({ position: 1, positions: [1], duplicate: false }));
      },
    });
    const turns: number[] = [];
    const greedy = Array.from({ length: 50 }, async () => {
      for (let i = 0; i < 20; i++) await batcher.append(batchOf("greedy"));
    });
    for (let i = 0; i < 5; i++) {
      const before = sizes.length;
      await batcher.append(batchOf("modest"));
      turns.push(sizes.length - before);
    }
    await Promise.all(greedy);
    // 50 callers in groups of 10: at most those five groups and the one on its way go first.
    expect(Math.max(...turns)).toBeLessThanOrEqual(7);
  });

  it("holds back the repetition of an append that is in the same group", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send });
    const batch = batchOf("a");
    const both = [batcher.append(batch), batcher.append(batch)];
    await log.commit();
    await log.commit();
    await Promise.all(both);
    expect(log.groups).toEqual([["a"], ["a"]]);
  });

  it("tries batches alone when the whole group failed for a reason that nobody foresaw", async () => {
    const batcher = new Batcher({
      send: async (group) => {
        if (group.some(({ streams }) => streams[0]?.stream.endsWith("poison")))
          throw new SlipwayError("Internal", "what?");
        return group.map(() => ({ position: 1, positions: [1], duplicate: false }));
      },
    });
    const results = await Promise.allSettled(["a", "poison", "b"].map((name) => batcher.append(batchOf(name))));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  it("fails all of a group that found the log unavailable", async () => {
    let calls = 0;
    const batcher = new Batcher({
      send: async () => {
        calls++;
        throw new SlipwayError("LogUnavailable", "away", { retryAfterMs: 1 });
      },
    });
    const results = await Promise.allSettled(["a", "b"].map((name) => batcher.append(batchOf(name))));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(calls).toBe(1);
  });

  it("forgets an append that was aborted before it was sent, and frees the caller of one that was sent", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send });
    const stop = new AbortController();
    const sent = batcher.append(batchOf("sent"), stop.signal);
    await log.sent();
    const waiting = batcher.append(batchOf("waiting"), stop.signal);
    const other = batcher.append(batchOf("other"));
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(sent).rejects.toThrow("enough");
    await log.commit();
    await log.commit();
    await other;
    expect(log.groups).toEqual([["sent"], ["other"]]);
  });

  it("refuses more than it may hold", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send, maxWaitingBytes: 3_000 });
    const held = batcher.append(batchOf("held", undefined, "x".repeat(2_000)));
    const error = await refusal(batcher.append(batchOf("over", undefined, "x".repeat(2_000))));
    expect(error).toMatchObject({ code: "LogUnavailable", class: "Transient", retryAfterMs: 1_000 });
    await log.commit();
    await held;
  });

  it("answers what it accepted before it closes, and takes nothing after", async () => {
    const log = manualLog();
    const batcher = new Batcher({ send: log.send });
    const accepted = batcher.append(batchOf("a"));
    const closed = batcher.close();
    expect((await refusal(batcher.append(batchOf("b")))).code).toBe("Cancelled");
    await log.commit();
    await closed;
    expect((await accepted).position).toBe(1);
  });
});
