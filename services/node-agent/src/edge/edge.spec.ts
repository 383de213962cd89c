import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@slipway/runtime";
import { eventually, type ManualClock, manualClock } from "@slipway/testkit";
import { removeTree } from "../host/files.ts";
import { type Edge, edge } from "./edge.ts";
import { edgePaths } from "./edge-paths.ts";

let clock: ManualClock;
let folder: string;
let haproxy: { pid: number | undefined; starts: number; startsWell: boolean };
let theEdge: Edge;

beforeEach(async () => {
  clock = manualClock();
  folder = await mkdtemp(join(tmpdir(), "edge-"));
  haproxy = { pid: undefined, starts: 0, startsWell: true };
  theEdge = edge({
    traffic: { endpoints: () => [], draining: new Set() },
    process: {
      pid: async () => haproxy.pid,
      startOrReload: async () => {
        haproxy.starts++;
        if (!haproxy.startsWell) throw new Error("the port is taken");
        haproxy.pid = haproxy.starts;
      },
      stop: async () => {},
    },
    command: async () => "",
    paths: edgePaths(folder),
    host: "127.0.0.1",
    port: 8080,
    clock,
    logger: createLogger({ service: "node-agent", level: "silent" }),
  });
});

afterEach(async () => {
  await theEdge.stop(0);
  await removeTree(folder);
});

describe("the edge", () => {
  it("starts a HAProxy that has died within half a second", async () => {
    await theEdge.start(new AbortController().signal);
    expect(haproxy.starts).toBe(1);
    haproxy.pid = undefined;
    await clock.advance(500);
    await eventually(() => haproxy.starts === 2);
  });

  it("leaves one alone that lives", async () => {
    await theEdge.start(new AbortController().signal);
    await clock.advance(10_000);
    expect(haproxy.starts).toBe(1);
  });

  it("tries again what did not start, and says what is in the way until it does", async () => {
    haproxy.startsWell = false;
    await theEdge.start(new AbortController().signal);
    expect(await eventually(() => theEdge.problem())).toContain("the port is taken");
    haproxy.startsWell = true;
    await clock.advance(2_000);
    await eventually(() => haproxy.pid !== undefined && theEdge.problem() === undefined);
  });
});
