import { deferred } from "@slipway/kernel";
import { startSpecimen, textsOf } from "./testing/specimen-server.ts";

describe("a server that stops", () => {
  it("ends open streams with a transient error, also those whose handlers hear of nothing", async () => {
    await using specimen = await startSpecimen({
      count: async function* () {
        yield { text: "first" };
        await new Promise(() => {});
      },
    });
    const seen = deferred();
    const follow = async () => {
      for await (const _ of specimen.client.count({})) seen.resolve();
    };
    const following = follow();
    const ended = expect(following).rejects.toMatchObject({ code: "ServerUnavailable", class: "Transient" });
    await seen.promise;
    await specimen.server.stop(60_000);
    await ended;
  });

  it("does not let a stream look complete that its handler ends because of the stop", async () => {
    await using specimen = await startSpecimen({
      count: async function* (_, { signal }) {
        yield { text: "first" };
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    });
    const answers = specimen.client.count({})[Symbol.asyncIterator]();
    await answers.next();
    const ended = expect(answers.next()).rejects.toMatchObject({ code: "ServerUnavailable" });
    await specimen.server.stop(60_000);
    await ended;
  });

  it("ends streams that wait for requests", async () => {
    await using specimen = await startSpecimen();
    const never = async function* () {
      yield { text: "hi" };
      await new Promise(() => {});
    };
    const answers = specimen.client.chat(never())[Symbol.asyncIterator]();
    await answers.next();
    const ended = expect(answers.next()).rejects.toMatchObject({ code: "ServerUnavailable" });
    await specimen.server.stop(60_000);
    await ended;
  });

  it("lets a call that answers once finish", async () => {
    const begun = deferred();
    const finish = deferred();
    await using specimen = await startSpecimen({
      echo: async () => {
        begun.resolve();
        await finish.promise;
        return { text: "done" };
      },
    });
    const call = specimen.client.echo({});
    await begun.promise;
    const stopping = specimen.server.stop(60_000);
    finish.resolve();
    expect((await call).text).toBe("done");
    await stopping;
  });

  it("cuts what does not finish by the deadline, and says so", async () => {
    const begun = deferred();
    await using specimen = await startSpecimen({
      echo: async () => {
        begun.resolve();
        return new Promise(() => {});
      },
    });
    const cut = expect(specimen.client.echo({})).rejects.toMatchObject({ code: "ServerUnavailable" });
    await begun.promise;
    await specimen.server.stop(50);
    await cut;
    expect(specimen.lines).toContainEqual(expect.objectContaining({ level: "warn" }));
  });

  it("takes no calls any more", async () => {
    await using specimen = await startSpecimen();
    await textsOf(specimen.client.count({ count: 1 }));
    await specimen.server.stop(60_000);
    await expect(specimen.client.echo({}, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: "ServerUnavailable" });
  });
});
