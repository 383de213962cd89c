import { SlipwayError } from "@slipway/kernel";
import type { BusUnderTest } from "./contract.ts";
import { eachWithBus, eventually } from "./contract-tools.ts";
import type { Report } from "./reports.ts";

export const reportsContract = (start: () => Promise<BusUnderTest>): void => {
  const given = eachWithBus(start, "without-events");

  /** Consumes in the background; `handle` decides about each report. */
  const consuming = (handle: (report: Report) => void | Promise<void> = () => {}, signal = given.signal) => {
    const reports: Report[] = [];
    const done = given.it.bus.reports.consume(async (report) => {
      reports.push(report);
      await handle(report);
    }, signal);
    return { reports, done };
  };

  it("come to a consumer with what the node said", async () => {
    const { reports } = consuming();
    await given.it.bus.reports.publish("n.1", "pod-status", { running: true }, "m1");
    await eventually(() => reports.length === 1);
    expect(reports).toEqual([
      { node: "n.1", what: "pod-status", data: { running: true }, messageId: "m1", attempt: 1 },
    ]);
  });

  it("wait for a consumer", async () => {
    await given.it.bus.reports.publish("n1", "pod-status", 1, "m1");
    const { reports } = consuming();
    await eventually(() => reports.length === 1);
  });

  it("come once although they were sent twice", async () => {
    const { publish } = given.it.bus.reports;
    await publish("n1", "pod-status", 1, "same");
    await publish("n1", "pod-status", 1, "same");
    await publish("n1", "pod-status", 2, "other");
    const { reports } = consuming();
    await eventually(() => reports.length === 2);
    expect(reports.map((report) => report.data)).toEqual([1, 2]);
  });

  it("come in order from one node", async () => {
    const { publish } = given.it.bus.reports;
    for (let index = 0; index < 50; index++) await publish(`n${index % 2}`, "pod-status", index, `m${index}`);
    const ends: unknown[] = [];
    consuming(async (report) => {
      await new Promise((resolve) => setTimeout(resolve, report.attempt % 3));
      if (report.node === "n1") ends.push(report.data);
    });
    await eventually(() => ends.length === 25);
    expect(ends).toEqual(Array.from({ length: 25 }, (_, index) => 2 * index + 1));
  });

  it("come again when they could not be taken in", async () => {
    const { reports } = consuming((report) => {
      if (report.attempt < 3) throw new SlipwayError("LogUnavailable", "Not now.");
    });
    await given.it.bus.reports.publish("n1", "pod-status", 1, "m1");
    await eventually(() => reports.length === 3);
    expect(reports.map((report) => report.attempt)).toEqual([1, 2, 3]);
  });

  it("are dropped when they are refused", async () => {
    const { reports } = consuming((report) => {
      if (report.data === "bad") throw new SlipwayError("Invalid", "This is no status.");
    });
    const { publish } = given.it.bus.reports;
    await publish("n1", "pod-status", "bad", "m1");
    await publish("n1", "pod-status", "good", "m2");
    await eventually(() => reports.length === 2);
    const state = () => given.it.bus.transport.streamState("REPORTS");
    await eventually(async () => (await state())?.firstSequence === 3);
    expect(reports.map((report) => report.attempt)).toEqual([1, 1]);
  });

  it("are shared by several consumers, each going to one of them", async () => {
    const second = await given.it.connect("second");
    const seen: unknown[] = [];
    for (const bus of [given.it.bus, second]) {
      void bus.reports.consume(async (report) => {
        seen.push(report.data);
      }, given.signal);
    }
    for (let index = 0; index < 100; index++) await second.reports.publish("n1", "pod-status", index, `m${index}`);
    await eventually(() => seen.length === 100);
    expect(new Set(seen).size).toBe(100);
  });

  it("are finished before consuming ends", async () => {
    const stopping = new AbortController();
    let finished = false;
    const { reports, done } = consuming(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      finished = true;
    }, stopping.signal);
    await given.it.bus.reports.publish("n1", "pod-status", 1, "m1");
    await eventually(() => reports.length === 1);
    stopping.abort();
    await done;
    expect(finished).toBe(true);
  });
};
