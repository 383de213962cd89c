import { followCluster } from "@slipway/cluster";
import { createLogger } from "@slipway/runtime";
import { eventually, type ManualClock, type MemoryPlatform, manualClock, memoryPlatform } from "@slipway/testkit";
import { NodeHealth } from "./node-health.ts";

const LEASE_MS = 40_000;
const EVERY_MS = 1_000;

let clock: ManualClock;
let platform: MemoryPlatform;
let health: NodeHealth;
let stop: AbortController;

beforeEach(async () => {
  stop = new AbortController();
  clock = manualClock();
  platform = await memoryPlatform();
  const { log, bus } = platform;
  const node = { metadata: { name: "n1", uid: "n1" } };
  await platform.append("node/_/n1", { type: "NodeRegistered", data: { node } });
  const follower = await followCluster({ log, bus, name: "test", signal: stop.signal });
  const logger = createLogger({ service: "scheduler", level: "silent" });
  health = new NodeHealth({
    follower,
    log,
    bus: bus.connect("scheduler"),
    clock,
    logger,
    actor: "t",
    leaseMs: LEASE_MS,
  });
  health.listen(stop.signal);
  await beat();
  await check();
});

afterEach(async () => {
  stop.abort();
  await platform.stop();
});

const check = () => health.check(EVERY_MS, stop.signal);

/** The node gives a sign of life, which a scheduler with a bus hears at once. */
const beat = async (): Promise<void> => {
  const heard = new AbortController();
  const arrived = new Promise<void>((resolve) => platform.bus.heartbeats.subscribe(() => resolve(), heard.signal));
  platform.bus.heartbeats.publish("n1", {});
  await arrived;
  heard.abort();
};

/** Time goes by, with the checks that are due. */
const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += EVERY_MS) {
    await clock.advance(EVERY_MS);
    await check();
  }
};

const verdicts = async () =>
  (await platform.log.readStream("node/_/n1")).map(({ type }) => type).filter((type) => type !== "NodeRegistered");

describe("the health of nodes", () => {
  it("says once that a node is silent, and that it is back", async () => {
    await pass(LEASE_MS * 2);
    expect(await verdicts()).toEqual(["NodeReady", "NodeUnreachable"]);
    await beat();
    await check();
    expect(await eventually(async () => (await verdicts())[2])).toBe("NodeReady");
  });

  it("takes a bus that is away for no silence of the nodes, and gives them a lease once it is back", async () => {
    platform.bus.partition("scheduler");
    await pass(LEASE_MS * 2);
    platform.bus.heal("scheduler");
    await pass(LEASE_MS);
    expect(await verdicts()).toEqual(["NodeReady"]);
    await pass(EVERY_MS * 2);
    expect(await verdicts()).toEqual(["NodeReady", "NodeUnreachable"]);
  });

  it("takes its own absence for no silence of the nodes", async () => {
    await clock.advance(LEASE_MS * 2);
    await check();
    expect(await verdicts()).toEqual(["NodeReady"]);
  });
});
