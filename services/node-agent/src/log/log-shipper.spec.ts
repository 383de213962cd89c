import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogKey } from "@slipway/bus";
import { fakeCommand, fakeEngine } from "@slipway/containers";
import { SlipwayError, systemClock } from "@slipway/kernel";
import { createLogger } from "@slipway/runtime";
import { eventually } from "@slipway/testkit";
import { removeTree } from "../host/files.ts";
import { logMarks } from "./log-marks.ts";
import { logShipper } from "./log-shipper.ts";

const KEY: LogKey = { project: "demo", kind: "pod", name: "web-1", container: "app", run: "0" };
const logger = createLogger({ service: "node-agent", level: "silent" });

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "slipway-shipper-"));
});
afterEach(() => removeTree(stateDir));

const setUp = () => {
  const engine = fakeEngine();
  engine.addImage("web:1");
  const published: string[] = [];
  let down = false;
  const bus = {
    logs: {
      publish: async (_key: LogKey, lines: readonly { text: string }[]) => {
        if (down) throw new SlipwayError("BusUnavailable", "no bus");
        published.push(...lines.map(({ text }) => text));
      },
      read: async function* () {},
    },
  };
  const start = () => {
    const marks = logMarks(stateDir, systemClock);
    return logShipper({ containers: engine.containers, bus, marks, clock: systemClock, logger });
  };
  const run = async (stdout: readonly string[], exitAfterMs?: number) => {
    const command = fakeCommand({ stdout, ...(exitAfterMs !== undefined && { exitAfterMs }) });
    const { id } = await engine.containers.create({ image: "web:1", command });
    await engine.containers.start(id);
    return id;
  };
  const setDown = (value: boolean) => {
    down = value;
  };
  return { engine, published, start, run, setDown };
};

const count = (list: readonly unknown[], length: number) => eventually(() => list.length === length || undefined);

describe("the output of containers", () => {
  it("is on the bus when a dead container may be removed", async () => {
    const { published, start, run } = setUp();
    const id = await run(["one", "two", "three"], 1);
    const shipper = start();
    shipper.sync("u1", [{ containerId: id, uid: "u1", key: KEY }]);
    await shipper.finished(id, 2_000);
    expect(published).toEqual(["one", "two", "three"]);
    await shipper.stop();
  });

  it("is sent once, also over a restart of the agent", async () => {
    const { published, start, run } = setUp();
    const id = await run(["one", "two"]);
    const first = start();
    first.sync("u1", [{ containerId: id, uid: "u1", key: KEY }]);
    await count(published, 2);
    await first.stop();
    const second = start();
    second.sync("u1", [{ containerId: id, uid: "u1", key: KEY }]);
    const other = await run(["three"], 1);
    second.sync("u1", [
      { containerId: id, uid: "u1", key: KEY },
      { containerId: other, uid: "u1", key: { ...KEY, run: "1" } },
    ]);
    await second.finished(other, 2_000);
    expect(published).toEqual(["one", "two", "three"]);
    await second.stop();
  });

  it("waits with the engine while the bus is away, and then comes in order", async () => {
    const { published, start, run, setDown } = setUp();
    setDown(true);
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`);
    const id = await run(lines);
    const shipper = start();
    shipper.sync("u1", [{ containerId: id, uid: "u1", key: KEY }]);
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(published).toEqual([]);
    setDown(false);
    await count(published, 200);
    expect(published).toEqual(lines);
    await shipper.stop();
  });

  it("does not hold up a removal for longer than it may", async () => {
    const { start, run, setDown } = setUp();
    setDown(true);
    const id = await run(["one"], 1);
    const shipper = start();
    shipper.sync("u1", [{ containerId: id, uid: "u1", key: KEY }]);
    const before = performance.now();
    await shipper.finished(id, 50);
    expect(performance.now() - before).toBeLessThan(1_000);
    await shipper.forget("u1");
  });
});
