import { SlipwayError } from "@slipway/kernel";
import { resumed } from "./resumed.ts";

const unavailable = () => new SlipwayError("ServerUnavailable", "The server is away.");
const signal = new AbortController().signal;

/** Streams given one after the other; each is positions, and then an error to end with. */
const opener = (...streams: { tell: number[]; end?: Error }[]) => {
  const after: (bigint | undefined)[] = [];
  const open = async function* (told: bigint | undefined) {
    after.push(told);
    const stream = streams[Math.min(after.length, streams.length) - 1];
    for (const position of stream?.tell ?? []) yield { position: BigInt(position) };
    if (stream?.end) throw stream.end;
  };
  return { open, after };
};

const take = async (answers: AsyncIterable<{ position: bigint }>): Promise<number[]> => {
  const positions: number[] = [];
  for await (const { position } of answers) positions.push(Number(position));
  return positions;
};

describe("a resumed stream", () => {
  it("goes on behind the last position that was told", async () => {
    const { open, after } = opener({ tell: [3, 4], end: unavailable() }, { tell: [5] });
    expect(await take(resumed(open, { signal, wait: async () => {} }))).toEqual([3, 4, 5]);
    expect(after).toEqual([undefined, 4n]);
  });

  it("says once an outage that the server went away, and waits longer each time", async () => {
    const down = { tell: [], end: unavailable() };
    const { open } = opener(
      { tell: [1], end: unavailable() },
      down,
      down,
      { tell: [2], end: unavailable() },
      { tell: [] },
    );
    let lost = 0;
    const waits: number[] = [];
    const wait = async (delayMs: number) => void waits.push(delayMs);
    await take(resumed(open, { signal, wait, onLost: () => lost++ }));
    expect(lost).toBe(2);
    expect(waits).toEqual([100, 200, 400, 100]);
  });

  it("fails at once when the server never answered", async () => {
    const { open, after } = opener({ tell: [], end: unavailable() });
    await expect(take(resumed(open, { signal, wait: async () => {} }))).rejects.toMatchObject({
      code: "ServerUnavailable",
    });
    expect(after).toHaveLength(1);
  });

  it("fails at once with any other error", async () => {
    const { open, after } = opener({ tell: [1], end: new SlipwayError("NotFound", "It is gone.") });
    await expect(take(resumed(open, { signal, wait: async () => {} }))).rejects.toMatchObject({ code: "NotFound" });
    expect(after).toHaveLength(1);
  });

  it("gives an outage up that does not end", async () => {
    const { open, after } = opener({ tell: [1], end: unavailable() }, { tell: [], end: unavailable() });
    await expect(take(resumed(open, { signal, wait: async () => {} }))).rejects.toMatchObject({
      code: "ServerUnavailable",
    });
    expect(after).toHaveLength(66);
  });
});
