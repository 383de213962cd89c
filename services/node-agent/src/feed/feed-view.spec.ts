import type { FeedChange } from "@slipway/bus";
import { systemClock } from "@slipway/kernel";
import { createLogger } from "@slipway/runtime";
import { eventually } from "@slipway/testkit";
import { feedView } from "./feed-view.ts";

type Change = FeedChange<string>;

const setUp = (rounds: (Change | Error)[][]) => {
  const changed: string[] = [];
  let caughtUp = 0;
  const view = feedView<string, string>({
    name: "feed",
    feed: {
      watch: async function* (_filter, signal) {
        const round = rounds.shift();
        for (const change of round ?? []) {
          if (change instanceof Error) throw change;
          yield change;
        }
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      },
    },
    filter: "",
    keyText: (key) => key,
    read: (value) => (typeof value === "string" ? value : undefined),
    onChange: (key) => void changed.push(key),
    onCaughtUp: () => {
      caughtUp++;
    },
    clock: systemClock,
    logger: createLogger({ service: "node-agent", level: "silent" }),
  });
  const stop = new AbortController();
  const running = view.run(stop.signal);
  const end = async () => {
    stop.abort();
    await running;
  };
  return { view, changed, caughtUp: () => caughtUp, end };
};
const put = (key: string, value: unknown = key): Change => ({ type: "put", key, value });
const caughtUp: Change = { type: "caught-up" };

describe("what a node knows of a feed", () => {
  it("is the last value of each key", async () => {
    const { view, end } = setUp([[put("a"), put("b"), caughtUp, put("a", "new"), { type: "remove", key: "b" }]]);
    await eventually(() => view.get("a") === "new" && view.get("b") === undefined);
    expect([...view.entries()]).toEqual([["a", "new"]]);
    await end();
  });

  it("keeps what it knew from elsewhere until the feed was read whole, and drops it then", async () => {
    const { view, changed, end } = setUp([[put("a"), caughtUp]]);
    view.seed("a", "old");
    view.seed("gone", "old");
    expect(view.complete).toBe(false);
    await view.caughtUp;
    expect([...view.entries()]).toEqual([["a", "a"]]);
    expect(changed).toContain("gone");
    expect(view.complete).toBe(true);
    await end();
  });

  it("drops nothing while a lost feed is filled again, and afterwards only what did not come back", async () => {
    const { view, end } = setUp([[put("a"), put("b"), caughtUp, { type: "reset" }, put("a")]]);
    await eventually(() => view.complete === false && view.get("a"));
    expect([...view.values()].sort()).toEqual(["a", "b"]);
    await end();
  });

  it("goes on after the feed failed", async () => {
    const {
      view,
      caughtUp: times,
      end,
    } = setUp([
      [put("a"), caughtUp, new Error("broken")],
      [put("c"), caughtUp],
    ]);
    await eventually(() => times() === 2 || undefined);
    expect([...view.values()]).toEqual(["c"]);
    await end();
  });

  it("leaves out values that it does not understand", async () => {
    const { view, end } = setUp([[put("a", 7), caughtUp]]);
    await view.caughtUp;
    expect([...view.values()]).toEqual([]);
    await end();
  });
});
