import { deferred } from "@slipway/kernel";
import { startSpecimen } from "./testing/specimen-server.ts";

const FILLING = 16_384;
const MANY = 20_000;

/** Resolves when `read` gives the same number over several turns of the event loop: nothing moves any more. */
const standstill = async (read: () => number): Promise<number> => {
  let last = -1;
  for (let calm = 0; calm < 200; ) {
    await new Promise((resolve) => setImmediate(resolve));
    calm = read() === last ? calm + 1 : 0;
    last = read();
  }
  return last;
};

describe("a stream whose reader is slow", () => {
  it("makes the server's handler wait: it makes a few buffers' worth, not all", async () => {
    let made = 0;
    await using specimen = await startSpecimen({
      count: async function* ({ count, filling }) {
        for (; made < count; made++) yield { text: ".".repeat(filling) };
      },
    });
    const answers = specimen.client.count({ count: MANY, filling: FILLING })[Symbol.asyncIterator]();
    await answers.next();
    const ahead = await standstill(() => made);
    // Some 16 messages wait in the library on each side, and a window or two of HTTP/2 between them.
    expect(ahead).toBeGreaterThan(1);
    expect(ahead).toBeLessThan(1_000);
    for (let i = 0; i < 500; i++) await answers.next();
    expect(await standstill(() => made)).toBeGreaterThan(ahead);
    await answers.return?.();
  });

  it("makes the client's source wait for a server that does not read", async () => {
    const read = deferred();
    let given = 0;
    await using specimen = await startSpecimen({
      join: async (requests) => {
        await read.promise;
        let count = 0;
        for await (const _ of requests) count++;
        return { text: String(count) };
      },
    });
    const source = async function* () {
      for (; given < 2_000; given++) yield { text: ".".repeat(FILLING) };
    };
    const joined = specimen.client.join(source());
    const ahead = await standstill(() => given);
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThan(1_000);
    read.resolve();
    expect((await joined).text).toBe("2000");
  });
});
