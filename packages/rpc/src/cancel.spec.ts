import { deferred, SlipwayError } from "@slipway/kernel";
import { startSpecimen } from "./testing/specimen-server.ts";

/** A handler that waits until its signal aborts, and tells why it did. */
const waiting = () => {
  const begun = deferred();
  const reason = deferred<unknown>();
  const wait = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        reason.resolve(signal.reason);
        reject(signal.reason);
      });
      begun.resolve();
    });
  return { begun: begun.promise, reason: reason.promise, wait };
};

describe("a call with a deadline", () => {
  it("ends on both sides when it passes", async () => {
    const { reason, wait } = waiting();
    await using specimen = await startSpecimen({ echo: (_, { signal }) => wait(signal) });
    await specimen.client.peek({});
    await expect(specimen.client.echo({}, { timeoutMs: 1_000 })).rejects.toMatchObject({
      code: "DeadlineExceeded",
      message: expect.stringContaining("in time"),
    });
    expect(await reason).toMatchObject({ code: expect.stringMatching(/DeadlineExceeded|Cancelled/) });
  });

  it("may be a stream", async () => {
    const { wait } = waiting();
    await using specimen = await startSpecimen({
      count: async function* (_, { signal }) {
        yield { text: "first" };
        await wait(signal);
      },
    });
    await specimen.client.peek({});
    const seen: string[] = [];
    const follow = async () => {
      for await (const { text } of specimen.client.count({}, { timeoutMs: 1_000 })) seen.push(text);
    };
    await expect(follow()).rejects.toMatchObject({ code: "DeadlineExceeded" });
    expect(seen).toEqual(["first"]);
  });

  it("is counted from the call, not from the client's making", async () => {
    await using specimen = await startSpecimen();
    const client = specimen.clientWith({ token: "slipway_specimen", timeoutMs: 2_000 });
    expect((await client.echo({ text: "a" })).text).toBe("a");
  });
});

describe("a call that the client cancels", () => {
  it("ends on both sides, and the client's reason is kept as the cause", async () => {
    const { begun, reason, wait } = waiting();
    await using specimen = await startSpecimen({ echo: (_, { signal }) => wait(signal) });
    const controller = new AbortController();
    const call = specimen.client.echo({}, { signal: controller.signal });
    await begun;
    controller.abort("enough");
    await expect(call).rejects.toMatchObject({ code: "Cancelled", cause: "enough" });
    expect(await reason).toMatchObject({ code: "Cancelled" });
  });

  it("is not made at all when its signal has aborted before", async () => {
    let calls = 0;
    await using specimen = await startSpecimen({
      echo: async () => {
        calls++;
        return {};
      },
    });
    const options = { signal: AbortSignal.abort() };
    await expect(specimen.client.echo({}, options)).rejects.toMatchObject({ code: "Cancelled" });
    await expect(specimen.client.count({}, options)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "Cancelled",
    });
    await specimen.client.echo({});
    expect(calls).toBe(1);
  });

  it("ends a stream on the server when the client leaves its loop", async () => {
    const { reason, wait } = waiting();
    await using specimen = await startSpecimen({
      count: async function* (_, { signal }) {
        yield { text: "first" };
        await wait(signal);
      },
    });
    for await (const { text } of specimen.client.count({})) {
      expect(text).toBe("first");
      break;
    }
    expect(await reason).toMatchObject({ code: "Cancelled" });
  });

  it("lets a stream's handler clean up that waits for its client to read", async () => {
    const cleaned = deferred();
    await using specimen = await startSpecimen({
      count: async function* () {
        try {
          for (;;) yield { text: ".".repeat(50_000) };
        } finally {
          cleaned.resolve();
        }
      },
    });
    for await (const _ of specimen.client.count({})) break;
    await cleaned.promise;
  });

  it("ends when the source of its requests fails", async () => {
    const { reason, begun, wait } = waiting();
    await using specimen = await startSpecimen({
      join: async (requests, { signal }) => {
        for await (const _ of requests) await wait(signal);
        return {};
      },
    });
    const source = async function* () {
      yield { text: "a" };
      await begun;
      throw new SlipwayError("Invalid", "no more");
    };
    await expect(specimen.client.join(source())).rejects.toMatchObject({ code: "Invalid", message: "no more" });
    expect(await reason).toMatchObject({ code: "Cancelled" });
  });
});
