import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import { Specimen } from "../gen/slipway/specimen/v1/specimen_pb.js";
import { createChannel } from "./channel.ts";
import { createClient } from "./client.ts";
import { startSpecimen, TOKEN, textsOf } from "./testing/specimen-server.ts";

const thrown = new SlipwayError("Invalid", "Pod/web is invalid: spec.containers: Required value.", {
  fields: { kind: "Pod", expected: 3 },
  problems: [
    { path: "spec.containers", message: "Required value" },
    { path: "metadata.name", message: 'Invalid value: "Ä": must be a DNS label' },
  ],
});

describe("an error of ours", () => {
  it("is the same error again at the client: code, sentence, problems, fields as text, and the request's id", async () => {
    await using specimen = await startSpecimen({ echo: () => Promise.reject(thrown) });
    await expect(specimen.client.echo({}, { metadata: { "x-request-id": "wish-7" } })).rejects.toMatchObject({
      name: "SlipwayError",
      code: "Invalid",
      class: "Refused",
      message: thrown.message,
      problems: thrown.problems,
      fields: { kind: "Pod", expected: "3", requestId: "wish-7" },
    });
  });

  it("ends every kind of call the same way, also after answers", async () => {
    const later = async function* () {
      yield { text: "one" };
      throw thrown;
    };
    await using specimen = await startSpecimen({
      count: later,
      chat: later,
      join: () => Promise.reject(thrown),
    });
    const seen: string[] = [];
    const count = async () => {
      for await (const { text } of specimen.client.count({})) seen.push(text);
    };
    await expect(count()).rejects.toMatchObject({ code: "Invalid", problems: thrown.problems });
    expect(seen).toEqual(["one"]);
    await expect(textsOf(specimen.client.chat([]))).rejects.toMatchObject({ code: "Invalid" });
    await expect(specimen.client.join([{ text: "x" }])).rejects.toMatchObject({ code: "Invalid" });
  });

  it("keeps the time after which to try again", async () => {
    await using specimen = await startSpecimen({
      echo: () => Promise.reject(new SlipwayError("LogUnavailable", "No log.", { retryAfterMs: 1_250 })),
    });
    await expect(specimen.client.echo({})).rejects.toMatchObject({ code: "LogUnavailable", retryAfterMs: 1_250 });
  });

  it("is cut to what a header holds, and says how much is missing", async () => {
    const problems: FieldProblem[] = Array.from({ length: 3_000 }, (_, i) => ({
      path: `spec.containers[${i}].image`,
      message: "Required value ä€😀",
    }));
    await using specimen = await startSpecimen({
      echo: () => Promise.reject(new SlipwayError("Invalid", "ä€\ud800".repeat(20_000), { problems })),
    });
    const error = await specimen.client.echo({}).then(
      () => undefined,
      (refusal: SlipwayError) => refusal,
    );
    expect(error?.code).toBe("Invalid");
    expect(error?.message.length).toBeGreaterThan(100);
    expect(error?.message).toMatch(/^ä€.*…$/);
    const kept = error?.problems ?? [];
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.slice(0, -1)).toEqual(problems.slice(0, kept.length - 1));
    expect(kept.at(-1)?.message).toBe(`… and ${3_000 - kept.length + 1} more`);
  });
});

describe("any other error", () => {
  it("tells the client nothing but the request's id, and the log everything", async () => {
    await using specimen = await startSpecimen({
      echo: () => {
        throw new Error("password of the database is hush");
      },
    });
    await expect(specimen.client.echo({}, { metadata: { "x-request-id": "wish-8" } })).rejects.toMatchObject({
      code: "Internal",
      message: "The server made a mistake; its log explains it under request id wish-8.",
    });
    const line = specimen.lines.find(({ level }) => level === "error");
    expect(line).toMatchObject({
      message: "call failed",
      fields: {
        requestId: "wish-8",
        method: "slipway.specimen.v1.Specimen/Echo",
        actor: "user:owner",
        error: { message: "password of the database is hush", stack: expect.any(String) },
      },
    });
  });

  it("may be an answer that cannot be encoded", async () => {
    await using specimen = await startSpecimen({
      echo: async () => ({ text: { toString: null } as unknown as string }),
      count: async function* () {
        yield { text: { toString: null } as unknown as string };
      },
    });
    await expect(specimen.client.echo({})).rejects.toMatchObject({ code: "Internal" });
    await expect(textsOf(specimen.client.count({}))).rejects.toMatchObject({ code: "Internal" });
  });
});

describe("a message over the limit", () => {
  it("is refused with a sentence that names the limit, whatever the kind of call", async () => {
    await using specimen = await startSpecimen({}, { maxMessageBytes: 1_000 });
    const large = { text: "x".repeat(5_000) };
    const expected = {
      code: "TooLarge",
      message: "The request of 5003 bytes is larger than the limit of 1000 bytes: send less in one call.",
    };
    await expect(specimen.client.echo(large)).rejects.toMatchObject(expected);
    await expect(specimen.client.join([{ text: "a" }, large])).rejects.toMatchObject(expected);
    expect((await specimen.client.echo({ text: "x".repeat(900) })).text).toHaveLength(900);
  });

  it("is refused without being read when it is far over the limit", async () => {
    await using specimen = await startSpecimen({}, { maxMessageBytes: 1_000 });
    await expect(specimen.client.echo({ text: "x".repeat(50_000_000) })).rejects.toMatchObject({ code: "TooLarge" });
  });

  it("may be an answer, which the client then refuses", async () => {
    await using specimen = await startSpecimen();
    const narrow = createChannel(specimen.server.address(), { maxMessageBytes: 1_000 });
    const client = createClient(Specimen, narrow, { token: TOKEN });
    await expect(client.echo({ text: "x".repeat(5_000) })).rejects.toMatchObject({
      code: "TooLarge",
      message: "The answer of 5003 bytes is larger than the limit of 1000 bytes: ask for less in one call.",
    });
    narrow.close();
  });
});
