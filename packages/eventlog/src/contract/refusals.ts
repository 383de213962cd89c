import type { ErrorCode, NewEvent } from "@slipway/kernel";
import type { ExpectedVersion, StreamAppend } from "../port.ts";
import { event, META, type OpenLog, refusal } from "./harness.ts";

const one = (change: { stream?: string; expected?: ExpectedVersion; events?: readonly NewEvent[] }): StreamAppend[] => [
  { stream: "pod/demo/a", expected: 0, events: [event()], ...change },
];

const withData = (data: unknown): StreamAppend[] => one({ events: [event("PodCreated", data)] });

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

const same = event();

const BAD: readonly (readonly [what: string, code: ErrorCode, batch: readonly StreamAppend[]])[] = [
  ["no stream", "EmptyBatch", []],
  ["a stream without events", "EmptyBatch", one({ events: [] })],
  ["an unknown event type", "UnknownEventType", one({ events: [event("PodExploded")] })],
  ["more than 256 KiB in one event", "EventTooLarge", withData({ text: "x".repeat(256 * 1024) })],
  ["more than 256 KiB in many-byte characters", "EventTooLarge", withData({ text: "☃".repeat(90_000) })],
  ["a negative version", "InvalidExpectedVersion", one({ expected: -1 })],
  ["a fraction for a version", "InvalidExpectedVersion", one({ expected: 1.5 })],
  ["NaN for a version", "InvalidExpectedVersion", one({ expected: Number.NaN })],
  ["a version beyond all versions", "InvalidExpectedVersion", one({ expected: 2 ** 31 })],
  ["an unknown word for a version", "InvalidExpectedVersion", one({ expected: "latest" as ExpectedVersion })],
  ["a stream of two parts", "Invalid", one({ stream: "pod/demo" })],
  ["a stream of four parts", "Invalid", one({ stream: "pod/demo/a/b" })],
  ["a stream with an empty project", "Invalid", one({ stream: "pod//a" })],
  ["a stream with a space", "Invalid", one({ stream: "pod/demo/a b" })],
  ["an id that is no UUID", "Invalid", one({ events: [{ ...event(), id: "1" }] })],
  ["the same stream twice", "Invalid", [...one({}), ...one({})]],
  ["the same id twice", "DuplicateEventId", one({ events: [same, same] })],
  ["the character U+0000", "Invalid", withData({ text: "a\u0000b" })],
  ["half of a surrogate pair", "Invalid", withData({ text: "a\ud800b" })],
  ["data that is missing", "Invalid", one({ events: [{ ...event(), data: undefined }] })],
  ["data that holds itself", "Invalid", withData(cyclic)],
  ["a number that JSON has not", "Invalid", withData({ big: 1n })],
];

export const describeRefusals = (open: OpenLog): void => {
  describe("bad input", () => {
    it.each(BAD)("is refused before it reaches the store: %s", async (_, code, batch) => {
      const log = await open();
      const error = await refusal(log.append(batch, META));
      expect({ code: error.code, class: error.class }).toEqual({ code, class: "Refused" });
      expect(await log.head()).toBe(0);
    });

    it("says how large the event is and how large it may be", async () => {
      const log = await open();
      const error = await refusal(log.append(withData({ text: "x".repeat(300_000) }), META));
      expect(error.fields).toMatchObject({ bytes: 300_011, limitBytes: 262_144 });
    });

    it("takes an event of exactly 256 KiB, a backslash before u0000, and whole surrogate pairs", async () => {
      const log = await open();
      const data = { text: "x".repeat(256 * 1024 - '{"text":""}'.length) };
      await log.append(withData(data), META);
      await log.append(one({ expected: 1, events: [event("PodCreated", { text: "\\u0000 \\\\ud800 😀" })] }), META);
      const stored = await log.readStream("pod/demo/a");
      expect(stored.map((each) => each.data)).toEqual([data, { text: "\\u0000 \\\\ud800 😀" }]);
    });

    it("refuses an append by nobody", async () => {
      const log = await open();
      expect((await refusal(log.append(one({}), { actor: "" }))).code).toBe("Invalid");
    });

    it.each([0, -1, 1.5, Number.NaN])("refuses %p as a position to read from", async (from) => {
      const log = await open();
      const reading = async () => {
        for await (const _ of log.read(from));
      };
      expect((await refusal(reading())).code).toBe("UnknownPosition");
    });
  });
};
