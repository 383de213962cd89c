import { SlipwayError } from "@slipway/kernel";
import { startSpecimen, TOKEN, textsOf } from "./testing/specimen-server.ts";

describe("a server with tokens", () => {
  it("refuses every kind of call without a token, and runs no handler", async () => {
    let calls = 0;
    await using specimen = await startSpecimen({
      echo: async () => {
        calls++;
        return {};
      },
    });
    const anonymous = specimen.clientWith({});
    const expected = { code: "Unauthenticated", message: expect.stringContaining("no token") };
    await expect(anonymous.echo({})).rejects.toMatchObject(expected);
    await expect(textsOf(anonymous.count({ count: 1 }))).rejects.toMatchObject(expected);
    await expect(anonymous.join([{ text: "a" }])).rejects.toMatchObject(expected);
    await expect(textsOf(anonymous.chat([{ text: "a" }]))).rejects.toMatchObject(expected);
    expect(calls).toBe(0);
  });

  it("refuses a wrong token with another sentence", async () => {
    await using specimen = await startSpecimen();
    for (const token of ["wrong", `${TOKEN}x`, TOKEN.slice(0, -1)]) {
      await expect(specimen.clientWith({ token }).echo({})).rejects.toMatchObject({
        code: "Unauthenticated",
        message: expect.stringContaining("not valid"),
      });
    }
  });

  it("asks for the client's token at each call when it is a function", async () => {
    await using specimen = await startSpecimen();
    let token: string | undefined;
    const client = specimen.clientWith({ token: () => token });
    await expect(client.echo({})).rejects.toMatchObject({ code: "Unauthenticated" });
    token = TOKEN;
    expect((await client.echo({ text: "in" })).text).toBe("in");
  });

  it("takes the answer of an authenticator that needs time, and gives it the method", async () => {
    const asked: string[] = [];
    await using specimen = await startSpecimen(
      { echo: async (_, { principal }) => ({ text: principal.actor }) },
      {
        authenticate: async (token, method) => {
          await new Promise((resolve) => setImmediate(resolve));
          asked.push(`${token} ${method}`);
          if (method.endsWith("/Peek")) throw new SlipwayError("Forbidden", "Peeking is not for you.");
          return { actor: "node:n1" };
        },
      },
    );
    expect((await specimen.client.echo({})).text).toBe("node:n1");
    await expect(specimen.client.peek({})).rejects.toMatchObject({ code: "Forbidden" });
    expect(await textsOf(specimen.client.chat([{ text: "a" }, { text: "b" }]))).toEqual(["a", "b"]);
    expect(asked[0]).toBe(`${TOKEN} slipway.specimen.v1.Specimen/Echo`);
  });

  it("lets nobody in when the authenticator itself breaks, and tells no secrets", async () => {
    await using specimen = await startSpecimen(
      {},
      {
        authenticate: () => {
          throw new Error("table of tokens gone");
        },
      },
    );
    await expect(specimen.client.echo({})).rejects.toMatchObject({
      code: "Internal",
      message: expect.not.stringContaining("table of tokens"),
    });
    expect(specimen.lines.some(({ level, message }) => level === "error" && message === "call failed")).toBe(true);
  });
});
