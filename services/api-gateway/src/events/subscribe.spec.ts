import { seededRandom } from "@slipway/kernel";
import type { Event } from "@slipway/proto";
import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { controller, pod, project, service } from "../testing/objects.ts";
import { take, takeUntil } from "../testing/take.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project(), project("other"), pod("a"), service("a", { clusterIP: "None" }));
});
afterEach(() => harness.stop());

const eventsOf = (answers: readonly { events: Event[] }[]) => answers.flatMap(({ events }) => events);
const untilHead = async (request: object) =>
  eventsOf(await takeUntil(harness.events.subscribe({ ...request, untilHead: true }), () => false));

describe("Subscribe", () => {
  it("gives every event from a position on, with all that the log knows of it", async () => {
    const events = await untilHead({ fromPosition: 1n });
    expect(events.map(({ type }) => type)).toEqual([
      "ProjectCreated",
      "ProjectCreated",
      "ServiceCreated",
      "PodCreated",
    ]);
    expect(events[3]).toMatchObject({
      position: 4n,
      stream: "pod/demo/a",
      version: 1n,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      data: { pod: { metadata: { name: "a" } } },
      actor: "user:owner",
      correlation: expect.stringMatching(/./),
    });
    expect(Number(events[3]?.recordedAt?.seconds)).toBeGreaterThan(1_600_000_000);
    expect((await untilHead({ fromPosition: 4n })).map(({ position }) => position)).toEqual([4n]);
  });

  it("filters by project, kind, type and name", async () => {
    const typesOf = async (request: object) =>
      (await untilHead({ fromPosition: 1n, ...request })).map(({ stream }) => stream);
    expect(await typesOf({ kinds: ["Pod", "svc"] })).toEqual(["service/demo/a", "pod/demo/a"]);
    expect(await typesOf({ types: ["PodCreated"] })).toEqual(["pod/demo/a"]);
    expect(await typesOf({ project: "other" })).toEqual(["project/_/other"]);
    expect(await typesOf({ project: "demo" })).toEqual(["project/_/demo", "service/demo/a", "pod/demo/a"]);
    expect(await typesOf({ name: "a", kinds: ["pod"] })).toEqual(["pod/demo/a"]);
  });

  it("says how far it has looked, also where the filter lets nothing through", async () => {
    const [answer] = await take(harness.events.subscribe({ fromPosition: 1n, kinds: ["build"], untilHead: true }), 1);
    expect(answer).toMatchObject({ events: [], position: 4n });
    const live = harness.events.subscribe({ fromPosition: 5n, kinds: ["build"] })[Symbol.asyncIterator]();
    const next = live.next();
    await harness.apply(pod("b"));
    expect((await next).value).toMatchObject({ events: [], position: 5n });
    await live.return?.();
  });

  it("begins with what comes from now on when no position is given, and says at once where that is", async () => {
    const stream = harness.events.subscribe({})[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ events: [], position: 4n });
    await harness.apply(controller("web", 0));
    expect((await stream.next()).value).toMatchObject({
      events: [{ type: "ReplicationControllerCreated" }],
      position: 5n,
    });
    await stream.return?.();
  });

  it("refuses a position that the log has not reached, but not the next one", async () => {
    await expect(take(harness.events.subscribe({ fromPosition: 6n }), 1)).rejects.toMatchObject({
      code: "UnknownPosition",
      fields: { position: "6", head: "4" },
    });
    const [answer] = await Promise.all([
      take(harness.events.subscribe({ fromPosition: 5n }), 1),
      harness.apply(pod("next")),
    ]);
    expect(answer[0]?.events[0]?.position).toBe(5n);
  });

  it("misses nothing and repeats nothing when a reader is cut off again and again and resumes", async () => {
    const random = seededRandom(7);
    const seen: number[] = [];
    const total = 304;
    const follow = async () => {
      while (seen.length < total) {
        const from = BigInt((seen.at(-1) ?? 0) + 1);
        let left = Math.floor(random() * 4);
        for await (const { events } of harness.events.subscribe({ fromPosition: from })) {
          seen.push(...events.map(({ position }) => Number(position)));
          if (left-- === 0 || seen.length >= total) break;
        }
      }
    };
    const following = follow();
    for (let i = 0; i < 60; i++) {
      await harness.apply(...["v", "w", "x", "y", "z"].map((name) => controller(`${name}${i}`, 0)));
    }
    await following;
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  });

  it("goes on over the loss of the bus's whole memory", async () => {
    const seen: number[] = [];
    const following = takeUntil(harness.events.subscribe({ fromPosition: 1n }), (answers) => {
      seen.splice(0, seen.length, ...eventsOf(answers).map(({ position }) => Number(position)));
      return seen.length >= 9;
    });
    await harness.apply(pod("b"));
    harness.bus.wipe();
    for (const name of ["c", "d", "e", "f"]) await harness.log.append(created(name), { actor: "test" });
    await following;
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

const created = (name: string) => [
  {
    stream: `pod/demo/${name}`,
    expected: "any" as const,
    events: [{ id: crypto.randomUUID(), type: "PodCreated", data: { pod: { metadata: { name } } } }],
  },
];

describe("History", () => {
  it("merges what was wanted of a pod and what was seen of it, in the order of the log", async () => {
    const [{ data }] = (await harness.log.readStream("pod/demo/a")) as unknown as [
      { data: { pod: { metadata: { uid: string } } } },
    ];
    const { uid } = data.pod.metadata;
    const at = "2026-01-01T00:00:00Z";
    await harness.append("pod/demo/a", { type: "PodScheduled", data: { uid, node: "n1" } });
    await harness.append("pod-status/demo/a", { type: "PodSandboxStarted", data: { uid, sandboxId: "s", at } });
    await harness.resources.delete({ keys: [{ kind: "Pod", project: "demo", name: "a" }] });
    await harness.append("pod-status/demo/a", { type: "PodStopped", data: { uid, at } });
    await harness.append("pod/demo/a", { type: "PodDeleted", data: { uid, reason: "Deleted" } });
    const key = { kind: "po", project: "demo", name: "a" };
    const types = async (limit?: number) => {
      const { events } = await harness.events.history({ key, ...(limit === undefined ? {} : { limit }) });
      return events.map(({ type }) => type);
    };
    expect(await types()).toEqual([
      "PodCreated",
      "PodScheduled",
      "PodSandboxStarted",
      "PodDeletionRequested",
      "PodStopped",
      "PodDeleted",
    ]);
    expect(await types(2)).toEqual(["PodStopped", "PodDeleted"]);
  });

  it("does not know what never was", async () => {
    const key = { kind: "Pod", project: "demo", name: "never" };
    await expect(harness.events.history({ key })).rejects.toMatchObject({ code: "NotFound" });
  });
});
