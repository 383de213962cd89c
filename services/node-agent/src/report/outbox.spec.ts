import { SlipwayError } from "@slipway/kernel";
import { createLogger } from "@slipway/runtime";
import { eventually, type ManualClock, manualClock } from "@slipway/testkit";
import type { PodEvent } from "../pod/plan/pod-events.ts";
import { type Outbox, outbox } from "./outbox.ts";

const POD = { uid: "u1", project: "demo", name: "web-1" };
const event = (id: string): PodEvent => ({ id, type: "ContainerStarted", data: {} });

let clock: ManualClock;
let box: Outbox;
let down: boolean;
let sent: { ids: string[]; messageId: string }[];
let taken: string[];
let release: (() => void)[];
let hold: boolean;
const lifetime = new AbortController();

beforeEach(() => {
  clock = manualClock();
  down = false;
  hold = false;
  sent = [];
  taken = [];
  release = [];
  box = outbox({
    bus: {
      reports: {
        publish: async (_node, _what, data, messageId) => {
          if (hold) await new Promise<void>((resolve) => release.push(resolve));
          if (down) throw new SlipwayError("BusUnavailable", "no bus");
          sent.push({ ids: (data as { events: PodEvent[] }).events.map(({ id }) => id), messageId });
        },
        consume: async () => {},
      },
    },
    node: "n1",
    onTaken: (_uid, events) => void taken.push(...events.map(({ id }) => id)),
    clock,
    logger: createLogger({ service: "node-agent", level: "silent" }),
    signal: lifetime.signal,
  });
});

describe("reports on their way", () => {
  it("leave in order, what comes during a delivery together in the next", async () => {
    hold = true;
    box.add(POD, [event("a")]);
    box.add(POD, [event("b")]);
    box.add(POD, [event("c")]);
    hold = false;
    release[0]?.();
    await eventually(() => taken.length === 3 || undefined);
    expect(sent.map(({ ids }) => ids)).toEqual([["a"], ["b", "c"]]);
    expect(box.depth()).toBe(0);
  });

  it("wait while the bus is away and are tried again until they are taken", async () => {
    down = true;
    box.add(POD, [event("a")]);
    await clock.advance(10_000);
    expect(box.depth()).toBe(1);
    box.add(POD, [event("b")]);
    down = false;
    await clock.advance(10_000);
    expect(sent.flatMap(({ ids }) => ids)).toEqual(["a", "b"]);
    expect(taken).toEqual(["a", "b"]);
  });

  it("carry one id for the same words, another when they say more", async () => {
    box.add(POD, [event("a")]);
    await eventually(() => taken.length === 1 || undefined);
    box.add(POD, [event("a")]);
    await eventually(() => taken.length === 2 || undefined);
    box.add(POD, [event("a"), event("b")]);
    await eventually(() => taken.length === 4 || undefined);
    expect(sent[1]?.messageId).toBe(sent[0]?.messageId);
    expect(sent[2]?.messageId).not.toBe(sent[0]?.messageId);
  });

  it("of one pod do not wait for those of another", async () => {
    hold = true;
    box.add(POD, [event("a")]);
    hold = false;
    box.add({ ...POD, uid: "u2" }, [event("x")]);
    await eventually(() => taken.length === 1 || undefined);
    expect(taken).toEqual(["x"]);
    release[0]?.();
    await box.drained(lifetime.signal);
    expect(taken).toEqual(["x", "a"]);
  });
});
