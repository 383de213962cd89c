import type { BusUnderTest } from "./contract.ts";
import { eachWithBus, eventually, takeAll } from "./contract-tools.ts";
import type { LogKey, LogLine, LogReadOptions } from "./logs.ts";

export const logsContract = (start: () => Promise<BusUnderTest>): void => {
  const given = eachWithBus(start, "without-events");
  const pod = { project: "demo", kind: "pod", name: "web" };
  const app: LogKey = { ...pod, container: "app", run: "0" };
  const side: LogKey = { ...pod, container: "side", run: "0" };
  const line = (text: string, at = new Date().toISOString()): LogLine => ({ at, stream: "stdout", text });
  const texts = async (key: Parameters<typeof read>[0], options: Omit<LogReadOptions, "signal"> = {}) =>
    (await takeAll(read(key, options))).flatMap((chunk) => chunk.lines.map(({ text }) => text));
  const read = (
    key: Partial<LogKey> & Pick<LogKey, "project" | "kind" | "name">,
    options: Omit<LogReadOptions, "signal"> = {},
  ) => given.it.bus.logs.read(key, { signal: given.signal, ...options });
  const publish = (key: LogKey, ...lines: string[]) =>
    given.it.bus.logs.publish(
      key,
      lines.map((text) => line(text)),
    );

  it("are read as they were written", async () => {
    await publish(app, "one", "two");
    await publish(side, "beside");
    await publish(app, "three");
    expect(await texts(pod)).toEqual(["one", "two", "beside", "three"]);
    expect(await texts({ ...pod, container: "app" })).toEqual(["one", "two", "three"]);
    expect(await takeAll(read({ ...pod, container: "side" }))).toMatchObject([
      { key: side, lines: [{ text: "beside" }] },
    ]);
  });

  it("are empty when nothing was written", async () => {
    expect(await texts(pod)).toEqual([]);
    await publish({ ...app, name: "other" }, "x");
    expect(await texts(pod)).toEqual([]);
    expect(await texts(pod, { tail: 5 })).toEqual([]);
  });

  it("tell the last lines, also across messages", async () => {
    await publish(app, "1", "2", "3");
    await publish(app, "4", "5");
    await publish(side, "6");
    expect(await texts(pod, { tail: 4 })).toEqual(["3", "4", "5", "6"]);
    expect(await texts({ ...pod, container: "app" }, { tail: 2 })).toEqual(["4", "5"]);
    expect(await texts(pod, { tail: 100 })).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(await texts(pod, { tail: 0 })).toEqual([]);
  });

  it("leave out lines from before a time", async () => {
    const old = new Date(Date.now() - 3_600_000).toISOString();
    await given.it.bus.logs.publish(app, [line("old", old), line("new")]);
    expect(await texts(pod, { since: new Date(Date.now() - 60_000) })).toEqual(["new"]);
  });

  it("go on while they are followed", async () => {
    await publish(app, "1", "2");
    const stopping = new AbortController();
    const seen: string[] = [];
    const follow = async () => {
      const options = { signal: stopping.signal, follow: true, tail: 1 };
      for await (const chunk of given.it.bus.logs.read(pod, options)) seen.push(...chunk.lines.map(({ text }) => text));
    };
    const following = follow();
    await eventually(() => seen.length === 1);
    await publish(app, "3");
    await publish(side, "4");
    await eventually(() => seen.length === 3);
    stopping.abort();
    await following;
    expect(seen).toEqual(["2", "3", "4"]);
  });

  it("go on from nothing while they are followed", async () => {
    const stopping = new AbortController();
    const seen: string[] = [];
    const follow = async () => {
      const options = { signal: stopping.signal, follow: true, tail: 0 };
      for await (const chunk of given.it.bus.logs.read(pod, options)) seen.push(...chunk.lines.map(({ text }) => text));
    };
    await publish(app, "before");
    const following = follow();
    await eventually(async () => {
      await publish(app, "after");
      return seen.length > 0;
    });
    stopping.abort();
    await following;
    expect(new Set(seen)).toEqual(new Set(["after"]));
  });

  it("may be larger than a message", async () => {
    const long = "x".repeat(700_000);
    await publish(app, long, long, `${long}\u0000${long}`);
    expect((await texts(pod)).join("")).toBe(`${long}${long}${long}\u0000${long}`);
  });
};
