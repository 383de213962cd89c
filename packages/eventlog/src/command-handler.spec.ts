import type { Decider } from "@slipway/kernel";
import { decideAndAppend, handleCommand } from "./command-handler.ts";
import { event, META, refusal } from "./contract/harness.ts";
import { MemoryEventLog } from "./memory.ts";

type Counted = { readonly type: "PodCreated" | "PodScheduled"; readonly data: { readonly by: number } };

/** Counts up to a total: `decide` says by how much, nothing when the total is reached. */
const counter: Decider<number, { readonly to: number }, Counted> = {
  initial: 0,
  evolve: (total, { data }) => total + data.by,
  decide: ({ to }, total) => (total >= to ? [] : [{ type: "PodCreated", data: { by: to - total } }]),
};

const STREAM = "pod/demo/counter";
const newLog = () => new MemoryEventLog({ knownTypes: new Set(["PodCreated", "PodScheduled"]) });
const raise = (log: MemoryEventLog, to: number) =>
  handleCommand({ log, stream: STREAM, decider: counter, command: { to }, meta: META });

describe("handleCommand", () => {
  it("stores the decision and answers the new state", async () => {
    const log = newLog();
    expect(await raise(log, 3)).toMatchObject({ state: 3, version: 1, appended: { position: 1 } });
    expect(await raise(log, 5)).toMatchObject({ state: 5, version: 2, events: [{ data: { by: 2 } }] });
  });

  it("stores nothing when the wish is already true", async () => {
    const log = newLog();
    await raise(log, 3);
    const result = await raise(log, 2);
    expect(result).toEqual({ state: 3, version: 1, events: [] });
    expect(await log.head()).toBe(1);
  });

  it("decides anew on what a faster writer wrote", async () => {
    const log = newLog();
    const results = await Promise.all([raise(log, 3), raise(log, 5), raise(log, 4)]);
    expect(Math.max(...results.map(({ state }) => state))).toBe(5);
    const stored = await log.readStream(STREAM);
    expect(stored.reduce((sum, { data }) => sum + (data as { by: number }).by, 0)).toBe(5);
  });

  it("leaves the conflict to its caller after so many tries", async () => {
    const store = newLog();
    let tries = 0;
    const always = {
      readStream: (...args: Parameters<MemoryEventLog["readStream"]>) => store.readStream(...args),
      append: async (...args: Parameters<MemoryEventLog["append"]>) => {
        tries++;
        await store.append([{ stream: STREAM, expected: "any", events: [event("PodScheduled", { by: 0 })] }], META);
        return store.append(...args);
      },
    };
    const attempt = handleCommand({
      log: always,
      stream: STREAM,
      decider: counter,
      command: { to: 1 },
      meta: META,
      attempts: 3,
    });
    expect((await refusal(attempt)).code).toBe("VersionConflict");
    expect(tries).toBe(3);
  });

  it("begins from a state that its caller knows, and reads only what is newer", async () => {
    const log = newLog();
    await raise(log, 3);
    await raise(log, 5);
    const from = { state: 3, version: 1 };
    const result = await handleCommand({ log, stream: STREAM, decider: counter, command: { to: 9 }, meta: META, from });
    expect(result).toMatchObject({ state: 9, version: 3, events: [{ data: { by: 4 } }] });
  });

  it("stores a repeated command once when its ids are deterministic", async () => {
    const log = newLog();
    const id = "00000000-0000-8000-8000-000000000001";
    const again = { ...counter, decide: () => [{ type: "PodCreated" as const, data: { by: 1 } }] };
    const options = { log, stream: STREAM, decider: again, command: { to: 1 }, meta: META, eventId: () => id };
    const first = await handleCommand(options);
    const second = await handleCommand(options);
    expect(second.appended).toEqual({ ...first.appended, duplicate: true });
    expect(await log.head()).toBe(1);
  });
});

describe("decideAndAppend", () => {
  it("appends over many streams, and refreshes the model with the facts of each conflict", async () => {
    const log = newLog();
    await log.append([{ stream: "pod/demo/a", expected: 0, events: [event()] }], META);
    const model = new Map([["pod/demo/a", 0]]);
    const conflicts: unknown[] = [];
    const result = await decideAndAppend({
      log,
      meta: META,
      decide: () =>
        ["pod/demo/a", "pod/demo/b"].map((stream) => ({ stream, expected: model.get(stream) ?? 0, events: [event()] })),
      refresh: (conflict) => {
        conflicts.push(conflict);
        model.set(conflict.stream, conflict.actual);
      },
    });
    expect(result?.positions).toEqual([2, 3]);
    expect(conflicts).toEqual([{ stream: "pod/demo/a", expected: 0, actual: 1 }]);
  });

  it("ends when there is nothing to do, and with the conflict after so many tries", async () => {
    const log = newLog();
    expect(await decideAndAppend({ log, meta: META, decide: () => [], refresh: () => {} })).toBeUndefined();
    let refreshed = 0;
    const attempt = decideAndAppend({
      log,
      meta: META,
      attempts: 4,
      decide: () => [{ stream: "pod/demo/a", expected: 7, events: [event()] }],
      refresh: () => {
        refreshed++;
      },
    });
    expect((await refusal(attempt)).code).toBe("VersionConflict");
    expect(refreshed).toBe(3);
  });
});
