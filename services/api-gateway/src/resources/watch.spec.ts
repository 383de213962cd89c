import type { WatchResponse } from "@slipway/proto";
import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { controller, pod, project, service } from "../testing/objects.ts";
import { take, takeUntil } from "../testing/take.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project(), pod("a"), pod("b"));
});
afterEach(() => harness.stop());

const told = ({ type, resource }: WatchResponse): string =>
  type === "BOOKMARK" ? type : `${type} ${resource?.kind.value?.metadata?.name}`;
const uidOf = async (name: string): Promise<string> => {
  const { resource } = await harness.resources.get({ key: { kind: "Pod", project: "demo", name } });
  return resource?.kind.value?.metadata?.uid ?? "";
};
const schedule = async (name: string) =>
  harness.append(`pod/demo/${name}`, { type: "PodScheduled", data: { uid: await uidOf(name), node: "n1" } });
const at = "2026-01-01T00:00:00Z";
const runsOn = async (name: string, podIP: string) => {
  const uid = await uidOf(name);
  const started = { uid, container: "web", containerID: `c-${name}`, at };
  await harness.append(
    `pod-status/demo/${name}`,
    { type: "PodSandboxStarted", data: { uid, sandboxId: `s-${name}`, podIP, node: "n1", at } },
    { type: "ContainerStarted", data: started },
    { type: "ContainerReady", data: { uid, container: "web", at } },
  );
};

describe("Watch", () => {
  it("tells what is there, then a bookmark, then every change", async () => {
    const stream = harness.resources.watch({ kind: "Pod", project: "demo" })[Symbol.asyncIterator]();
    const next = async () => told((await stream.next()).value);
    expect([await next(), await next(), await next()]).toEqual(["ADDED a", "ADDED b", "BOOKMARK"]);
    await harness.apply(pod("c"));
    expect(await next()).toBe("ADDED c");
    await schedule("a");
    expect(await next()).toBe("MODIFIED a");
    await harness.resources.delete({ keys: [{ kind: "Pod", project: "demo", name: "b" }] });
    expect(await next()).toBe("DELETED b");
    await stream.return?.();
  });

  it("tells of what is derived from other objects: status, counts, endpoints", async () => {
    await harness.apply(service("a"), controller("a"));
    const phases = takeUntil(harness.resources.watch({ kind: "Pod", project: "demo", name: "a" }), (seen) =>
      seen.some(({ resource }) => resource?.kind.case === "pod" && resource.kind.value.status?.phase === "Running"),
    );
    const addresses = takeUntil(harness.resources.watch({ kind: "Endpoints", project: "demo" }), (seen) =>
      seen.some(
        ({ resource }) =>
          resource?.kind.case === "endpoints" && resource.kind.value.subsets[0]?.addresses[0]?.ip === "10.1.0.9",
      ),
    );
    const counts = takeUntil(harness.resources.watch({ kind: "rc", project: "demo" }), (seen) =>
      seen.some(
        ({ resource }) =>
          resource?.kind.case === "replicationController" && resource.kind.value.status?.readyReplicas === 1,
      ),
    );
    const node = { metadata: { name: "n1", uid: "n1" } };
    await harness.append("node/_/n1", { type: "NodeRegistered", data: { node } }, { type: "NodeReady", data: { at } });
    const owner = await harness.resources.get({ key: { kind: "rc", project: "demo", name: "a" } });
    const uid = await uidOf("a");
    await harness.append("pod/demo/a", {
      type: "PodAdopted",
      data: {
        uid,
        owner: {
          apiVersion: "v1",
          kind: "ReplicationController",
          name: "a",
          uid: owner.resource?.kind.value?.metadata?.uid ?? "",
          controller: true,
        },
      },
    });
    await schedule("a");
    await runsOn("a", "10.1.0.9");
    await Promise.all([phases, addresses, counts]);

    // The node is not heard of any more: everything derived from its pods changes without an event about them.
    const gone = takeUntil(harness.resources.watch({ kind: "Endpoints", project: "demo" }), (seen) => {
      const last = seen.at(-1)?.resource?.kind;
      return last?.case === "endpoints" && last.value.subsets[0]?.notReadyAddresses[0]?.ip === "10.1.0.9";
    });
    await harness.append("node/_/n1", { type: "NodeUnreachable", data: { at, lastHeartbeat: at } });
    await gone;
  });

  it("chooses by label, and tells of an object that is no longer chosen as deleted", async () => {
    const labelled = (name: string, tier: string) => ({ ...controller(name), metadata: { name, labels: { tier } } });
    await harness.apply(labelled("x", "front"), labelled("y", "back"));
    const request = { kind: "rc", project: "demo", labelSelector: "tier=front" };
    const stream = harness.resources.watch(request)[Symbol.asyncIterator]();
    const next = async () => told((await stream.next()).value);
    expect([await next(), await next()]).toEqual(["ADDED x", "BOOKMARK"]);
    await harness.apply(labelled("x", "back"));
    expect(await next()).toBe("DELETED x");
    await harness.apply(labelled("y", "side"), labelled("x", "front"));
    expect(await next()).toBe("ADDED x");
    await stream.return?.();
  });

  it("goes on from a position: changed objects, deletions included, and nothing else", async () => {
    const { position } = await harness.resources.list({ kind: "Pod" });
    await schedule("a");
    await harness.resources.delete({ keys: [{ kind: "Pod", project: "demo", name: "b" }] });
    await harness.apply(service("web"), pod("c"));
    const answers = await take(harness.resources.watch({ kind: "Pod", project: "demo", fromPosition: position }), 3);
    expect(answers.map(told).sort()).toEqual(["DELETED b", "MODIFIED a", "MODIFIED c"]);
    expect(answers.at(-1)?.position).toBe(BigInt(await harness.log.head()));
  });

  it("loses nothing when it is cut off at any moment and goes on from the last position", async () => {
    const seen = new Map<string, string>();
    let position = 0n;
    let done = false;
    const follow = async () => {
      for (let cut = 1; !done; cut = (cut % 5) + 1) {
        let left = cut;
        for await (const answer of harness.resources.watch({ kind: "rc", project: "demo", fromPosition: position })) {
          position = answer.position;
          const value = answer.resource?.kind.case === "replicationController" ? answer.resource.kind.value : undefined;
          const name = value?.metadata?.name ?? "";
          if (answer.type === "DELETED") seen.delete(name);
          else if (answer.type !== "BOOKMARK") seen.set(name, String(value?.spec?.replicas));
          if (--left === 0 || name === "last") break;
        }
        done = seen.has("last");
      }
    };
    const following = follow();
    for (let round = 0; round < 15; round++) {
      await harness.apply(...["p", "q", "r", "s"].map((name) => controller(name, round)));
      if (round % 4 === 3) await harness.resources.delete({ keys: [{ kind: "rc", project: "demo", name: "q" }] });
    }
    await harness.apply(controller("last"));
    await following;
    const { resources } = await harness.resources.list({ kind: "rc", project: "demo" });
    const now = resources.map(({ kind }) =>
      kind.case === "replicationController"
        ? [kind.value.metadata?.name, String(kind.value.spec?.replicas)]
        : [undefined, ""],
    );
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(now));
  });

  it("holds back for a reader that does not read: many changes of one object become one", async () => {
    await harness.apply(controller("busy", 0));
    const stream = harness.resources.watch({ kind: "rc", project: "demo", name: "busy" })[Symbol.asyncIterator]();
    const { value: first } = await stream.next();
    const uid = first.resource?.kind.value?.metadata?.uid ?? "";
    expect(told((await stream.next()).value)).toBe("BOOKMARK");
    const events = Array.from({ length: 2_000 }, (_, i) => ({
      type: "ReplicationControllerScaled" as const,
      data: { uid, replicas: i + 1 },
    }));
    for (let i = 0; i < events.length; i += 100) {
      await harness.append("replicationcontroller/demo/busy", ...events.slice(i, i + 100));
    }
    let answers = 0;
    for (;;) {
      const { value } = await stream.next();
      answers++;
      const { kind } = value.resource;
      if (kind.case === "replicationController" && kind.value.spec?.replicas === 2_000) break;
    }
    expect(answers).toBeLessThan(200);
    await stream.return?.();
  });

  it("refuses a kind that is not there and a position that is not there", async () => {
    await expect(take(harness.resources.watch({ kind: "Gizmo" }), 1)).rejects.toMatchObject({ code: "UnknownKind" });
    await expect(take(harness.resources.watch({ kind: "Pod", fromPosition: 99n }), 1)).rejects.toMatchObject({
      code: "UnknownPosition",
    });
  });
});
