import type { DomainEvent } from "@slipway/domain";
import { type EventLog, MemorySnapshots } from "@slipway/eventlog";
import { deferred, SlipwayError, type StoredEvent } from "@slipway/kernel";
import { eventually, type MemoryPlatform, manualClock, memoryPlatform } from "@slipway/testkit";
import { fingerprint } from "./fingerprint.ts";
import { foldAsOf } from "./fold-as-of.ts";
import { type ClusterFollower, type FollowClusterOptions, followCluster } from "./follow.ts";
import { encodeSnapshot, SNAPSHOT_SCHEMA } from "./snapshot.ts";

const created = (name: string): DomainEvent => ({
  type: "PodCreated",
  data: { pod: { metadata: { name, namespace: "demo", uid: name }, spec: { containers: [] } } },
});

describe("followCluster", () => {
  let platform: MemoryPlatform;
  const followers: ClusterFollower[] = [];

  beforeEach(async () => {
    platform = await memoryPlatform();
  });

  afterEach(async () => {
    for (const follower of followers.splice(0)) await follower.stop();
    await platform.stop();
  });

  const follow = async (options: Partial<FollowClusterOptions> = {}): Promise<ClusterFollower> => {
    const follower = await followCluster({ log: platform.log, bus: platform.bus, name: "test", ...options });
    followers.push(follower);
    return follower;
  };

  it("has caught up with the log when it is handed out, and keeps up from then on", async () => {
    const before = await platform.append("pod/demo/a", created("a"));
    const follower = await follow();
    await follower.ready;
    expect(follower.state.position).toBe(before);
    const after = await platform.append("pod/demo/b", created("b"));
    await follower.waitFor(after);
    expect(follower.state.pods.get("demo", "b")?.position).toBe(after);
  });

  it("tells listeners what each batch changed, before anybody who waited goes on", async () => {
    const follower = await follow();
    const heard: string[] = [];
    const off = follower.onChange((changes) => heard.push(...changes.map(({ type, name }) => `${type} ${name}`)));
    follower.onChange(() => {
      throw new Error("a listener's own fault");
    });
    await follower.waitFor(await platform.append("pod/demo/a", created("a")));
    expect(heard).toEqual(["PodCreated a"]);
    off();
    await follower.waitFor(await platform.append("pod/demo/b", created("b")));
    expect(heard).toEqual(["PodCreated a"]);
  });

  it("goes on from its snapshot and is the fold of the whole log all the same", async () => {
    for (let i = 0; i < 40; i++) await platform.append(`pod/demo/p${i}`, created(`p${i}`));
    const first = await follow({ snapshots: platform.snapshots, snapshotEvery: 20 });
    await first.stop();
    expect((await platform.snapshots.load("test", SNAPSHOT_SCHEMA))?.position).toBe(40);
    const head = await platform.append("pod/demo/p0", { type: "PodScheduled", data: { uid: "p0", node: "n1" } });
    const read: number[] = [];
    const log: FollowClusterOptions["log"] = {
      head: (signal) => platform.log.head(signal),
      onAppended: (listener) => platform.log.onAppended(listener),
      read: (from, options) => {
        read.push(from);
        return platform.log.read(from, options);
      },
    };
    const second = await follow({ log, snapshots: platform.snapshots });
    expect(read).toEqual([41]);
    expect(fingerprint(second.state)).toBe(fingerprint(await foldAsOf(platform.log, head)));
  });

  it("passes over a snapshot that it cannot read, or that is ahead of the log", async () => {
    await platform.append("pod/demo/a", created("a"));
    const warnings: string[] = [];
    const logger = { info: () => {}, warn: (_fields: unknown, message: string) => void warnings.push(message) };
    const broken = new MemorySnapshots();
    await broken.save("test", SNAPSHOT_SCHEMA, 1, new Uint8Array([1, 2, 3]));
    expect((await follow({ snapshots: broken, logger })).state.pods.count()).toBe(1);
    const ahead = new MemorySnapshots();
    const future = await foldAsOf(platform.log, 1);
    future.position = 99;
    await ahead.save("test", SNAPSHOT_SCHEMA, 99, await encodeSnapshot(future));
    expect((await follow({ snapshots: ahead, logger })).state.position).toBe(1);
    expect(warnings).toEqual(["snapshot not loaded", "snapshot is ahead of the log and is passed over"]);
  });

  it("drops what the bus says twice and fills what it leaves out", async () => {
    for (let i = 0; i < 10; i++) await platform.append(`pod/demo/p${i}`, created(`p${i}`));
    const events: StoredEvent[] = [];
    for await (const batch of platform.log.read(1)) events.push(...batch);
    const listening = deferred();
    const end = deferred();
    const stutter = async function* (): AsyncGenerator<readonly StoredEvent[]> {
      await listening.promise;
      yield events.slice(2, 4);
      yield [...events.slice(0, 4), ...events.slice(8, 10)];
      await end.promise;
    };
    // The log as it was at the start, so that what follows has to come from the bus.
    const log: FollowClusterOptions["log"] = {
      head: async () => 2,
      onAppended: () => () => {},
      read: (from, options) => platform.log.read(from, { ...options, to: options?.to ?? 2 }),
    };
    const follower = await follow({ log, bus: { events: { follow: stutter, lastPosition: async () => 10 } } });
    const seen: number[] = [];
    follower.onChange((changes) => seen.push(...changes.map(({ position }) => position)));
    listening.resolve();
    await follower.waitFor(10);
    end.resolve();
    expect(seen).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("waits for a log that is away when it starts", async () => {
    await platform.append("pod/demo/a", created("a"));
    let failures = 2;
    const log: Pick<EventLog, "read" | "head" | "onAppended"> = {
      head: async (signal) => {
        if (failures-- > 0) throw new SlipwayError("LogUnavailable", "away", { retryAfterMs: 1 });
        return platform.log.head(signal);
      },
      onAppended: (listener) => platform.log.onAppended(listener),
      read: (from, options) => platform.log.read(from, options),
    };
    expect((await follow({ log })).state.position).toBe(1);
  });

  it("ends a wait with its signal, and all waits when it stops", async () => {
    const follower = await follow();
    const controller = new AbortController();
    const one = follower.waitFor(99, controller.signal);
    controller.abort(new Error("enough"));
    await expect(one).rejects.toThrow("enough");
    const other = follower.waitFor(99);
    const ended = expect(other).rejects.toMatchObject({ code: "Cancelled" });
    await follower.stop();
    await ended;
    await expect(follower.waitFor(99)).rejects.toMatchObject({ code: "Cancelled" });
  });

  it("says when it cannot go on", async () => {
    const broken = async function* (): AsyncGenerator<readonly StoredEvent[]> {
      yield [];
      throw new SlipwayError("UnknownPosition", "gone");
    };
    const follower = await follow({ bus: { events: { follow: broken, lastPosition: async () => 0 } } });
    await expect(follower.failed).rejects.toMatchObject({ code: "UnknownPosition" });
  });

  it("knows how far the log is ahead of a bus that is slow", async () => {
    const clock = manualClock();
    const silent = async function* (
      _from: number,
      { signal }: { signal: AbortSignal },
    ): AsyncGenerator<readonly StoredEvent[]> {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      yield [];
    };
    const follower = await follow({ clock, bus: { events: { follow: silent, lastPosition: async () => 0 } } });
    expect(follower.lag()).toBe(0);
    await platform.append("pod/demo/a", created("a"), { type: "PodScheduled", data: { uid: "a", node: "n1" } });
    await clock.advance(5_000);
    await eventually(() => follower.lag() === 2 || undefined);
  });
});

describe("foldAsOf", () => {
  it("is the state as it was, and refuses a position that does not exist", async () => {
    const platform = await memoryPlatform();
    await platform.append("pod/demo/a", created("a"));
    await platform.append("pod/demo/b", created("b"));
    expect((await foldAsOf(platform.log, 0)).pods.count()).toBe(0);
    expect((await foldAsOf(platform.log, 1)).pods.count()).toBe(1);
    expect((await foldAsOf(platform.log, 2)).pods.count()).toBe(2);
    await expect(foldAsOf(platform.log, 3)).rejects.toMatchObject({ code: "UnknownPosition" });
    await expect(foldAsOf(platform.log, -1)).rejects.toMatchObject({ code: "UnknownPosition" });
    await platform.stop();
  });
});
