import { deferred } from "@slipway/kernel";
import type { CallContext } from "./call-context.ts";
import type { FinishedCall } from "./call-handler.ts";
import { startSpecimen, TOKEN, textsOf } from "./testing/specimen-server.ts";

describe("the four kinds of calls", () => {
  it("carry one request and one answer", async () => {
    await using specimen = await startSpecimen();
    expect((await specimen.client.echo({ text: "hällo" })).text).toBe("hällo");
    expect((await specimen.client.echo({})).text).toBe("");
  });

  it("carry one request and many answers, or none", async () => {
    await using specimen = await startSpecimen();
    expect(await textsOf(specimen.client.count({ count: 5 }))).toEqual(["0", "1", "2", "3", "4"]);
    expect(await textsOf(specimen.client.count({ count: 0 }))).toEqual([]);
  });

  it("carry many requests, from a list or an async source, and one answer", async () => {
    await using specimen = await startSpecimen();
    const source = async function* () {
      yield { text: "a" };
      yield { text: "b" };
    };
    expect((await specimen.client.join(source())).text).toBe("ab");
    expect((await specimen.client.join([{ text: "c" }, { text: "d" }])).text).toBe("cd");
    expect((await specimen.client.join([])).text).toBe("");
  });

  it("carry both directions at once", async () => {
    await using specimen = await startSpecimen();
    const second = deferred();
    const source = async function* () {
      yield { text: "first" };
      await second.promise;
      yield { text: "second" };
    };
    const seen: string[] = [];
    for await (const { text } of specimen.client.chat(source())) {
      seen.push(text);
      second.resolve();
    }
    expect(seen).toEqual(["first", "second"]);
  });

  it("answer before all requests were read when the handler has enough", async () => {
    await using specimen = await startSpecimen({
      join: async (requests) => {
        for await (const { text } of requests) return { text };
        return { text: "none" };
      },
      chat: async function* (requests) {
        for await (const { text } of requests) {
          yield { text };
          return;
        }
      },
    });
    const endless = async function* () {
      for (;;) {
        yield { text: "x" };
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    expect((await specimen.client.join(endless())).text).toBe("x");
    expect(await textsOf(specimen.client.chat(endless()))).toEqual(["x"]);
  });
});

describe("the context of a call", () => {
  it("says who calls, from where, under which id and until when", async () => {
    let seen: CallContext | undefined;
    await using specimen = await startSpecimen({
      echo: async (_, context) => {
        seen = context;
        return {};
      },
    });
    const before = Date.now();
    await specimen.client.echo({}, { metadata: { "x-request-id": "wish-1", "x-other": "y" }, timeoutMs: 5_000 });
    expect(seen).toMatchObject({
      principal: { actor: "user:owner" },
      requestId: "wish-1",
      method: "slipway.specimen.v1.Specimen/Echo",
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
    expect(seen?.metadata.get("x-other")).toBe("y");
    expect([...(seen?.metadata.values() ?? [])].join()).not.toContain(TOKEN);
    expect(seen?.deadlineMs).toBeGreaterThan(before + 4_000);
    expect(seen?.deadlineMs).toBeLessThan(before + 6_000);
  });

  it("has no deadline when the client sets none, and an id of our own when the client's is no id", async () => {
    let seen: CallContext | undefined;
    await using specimen = await startSpecimen({
      echo: async (_, context) => {
        seen = context;
        return {};
      },
    });
    await specimen.client.echo({}, { timeoutMs: 0, metadata: { "x-request-id": 'quote" and space' } });
    expect(seen?.deadlineMs).toBeUndefined();
    expect(seen?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("has a signal that ends with the call", async () => {
    let signal: AbortSignal | undefined;
    let duringCall: boolean | undefined;
    await using specimen = await startSpecimen({
      echo: async (_, context) => {
        signal = context.signal;
        duringCall = signal.aborted;
        return {};
      },
    });
    await specimen.client.echo({});
    expect(duringCall).toBe(false);
    expect(signal?.aborted).toBe(true);
  });
});

describe("the end of each call", () => {
  it("is told with its method, status and duration", async () => {
    const finished: FinishedCall[] = [];
    await using specimen = await startSpecimen({}, { onFinished: (call) => finished.push(call) });
    await specimen.client.echo({});
    await textsOf(specimen.client.count({ count: 2 }));
    expect(finished).toEqual([
      { method: "slipway.specimen.v1.Specimen/Echo", status: "OK", durationMs: expect.any(Number) },
      { method: "slipway.specimen.v1.Specimen/Count", status: "OK", durationMs: expect.any(Number) },
    ]);
  });
});
