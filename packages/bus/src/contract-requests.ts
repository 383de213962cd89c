import { SlipwayError } from "@slipway/kernel";
import type { BusUnderTest } from "./contract.ts";
import { eachWithBus, eventually, takeAll } from "./contract-tools.ts";

export const requestsContract = (start: () => Promise<BusUnderTest>): void => {
  const given = eachWithBus(start, "without-events");
  const { signal: never } = new AbortController();
  /** A node that answers on its own connection. */
  const node = async (verb: string, handler: (data: unknown, signal: AbortSignal) => AsyncIterable<unknown>) => {
    const bus = await given.it.connect("node");
    bus.requests.serve("n.1", verb, handler, given.signal);
    await bus.transport.streamState("REPORTS");
  };
  const call = (verb: string, data: unknown, signal = given.signal) =>
    given.it.bus.requests.call("n.1", verb, data, { signal });

  it("bring every answer in order", async () => {
    await node("count", async function* (data) {
      for (let number = 1; number <= Number(data); number++) yield { number };
    });
    expect(await takeAll(call("count", 3))).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
    expect((await takeAll(call("count", 2_000))).length).toBe(2_000);
    expect(await takeAll(call("count", 0))).toEqual([]);
  });

  it("hold the node back while answers are not taken", async () => {
    let made = 0;
    await node("endless", async function* (_, signal) {
      while (!signal.aborted) yield ++made;
    });
    for await (const answer of call("endless", undefined)) {
      if (answer === 1) {
        await eventually(() => made > 100);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(made).toBeLessThan(500);
      }
      if (answer === 600) break;
    }
    expect(made).toBeLessThan(1_200);
  });

  it("tell the caller the handler's own error", async () => {
    await node("fail", async function* () {
      yield 1;
      throw new SlipwayError("ContainerNotFound", "There is no container x.", { fields: { container: "x" } });
    });
    const answers: unknown[] = [];
    const read = async () => {
      for await (const answer of call("fail", undefined)) answers.push(answer);
    };
    await expect(read()).rejects.toMatchObject({
      name: "SlipwayError",
      code: "ContainerNotFound",
      message: "There is no container x.",
      fields: { container: "x" },
    });
    expect(answers).toEqual([1]);
  });

  it("say at once that nobody answers", async () => {
    await expect(takeAll(call("unheard", undefined))).rejects.toMatchObject({
      code: "NoResponder",
      class: "Transient",
    });
  });

  it("end at the node when the caller goes away", async () => {
    let ended = false;
    await node("wait", async function* (_, signal) {
      yield "begun";
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      ended = true;
    });
    const stopping = new AbortController();
    for await (const _ of call("wait", undefined, stopping.signal)) stopping.abort();
    await eventually(() => ended);
    expect(await takeAll(call("wait", undefined, stopping.signal))).toEqual([]);
  });

  it("do not last longer than the caller allows", async () => {
    await node("wait", async function* (_, signal) {
      yield await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    });
    const slow = given.it.bus.requests.call("n.1", "wait", undefined, { signal: never, timeoutMs: 50 });
    await expect(takeAll(slow)).rejects.toMatchObject({ code: "DeadlineExceeded" });
  });

  it("bring heartbeats of every node", async () => {
    const seen = new Map<string, unknown>();
    given.it.bus.heartbeats.subscribe((name, data) => seen.set(name, data), given.signal);
    const other = await given.it.connect("node");
    await eventually(() => {
      other.heartbeats.publish("n1", { at: 1 });
      other.heartbeats.publish("n.2", { at: 2 });
      return seen.size === 2;
    });
    expect(seen).toEqual(
      new Map([
        ["n1", { at: 1 }],
        ["n.2", { at: 2 }],
      ]),
    );
  });
};
