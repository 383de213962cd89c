import { fromJson, type JsonObject, toJson } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { ClusterState, fingerprint, listView } from "@slipway/cluster";
import type { StoredEvent } from "@slipway/kernel";
import { ResourceSchema } from "@slipway/proto";
import { isReady, objectOf, restartsOf } from "../harness/api.ts";
import { measured } from "../harness/measured.ts";
import type { TestPlatform } from "../harness/platform.ts";
import { until } from "../harness/until.ts";

const PROJECT = "restart";

/** The limit is 20 s; a busy test machine gets three times that. */
const SECOND_START_LIMIT_MS = 60_000;

const KINDS = [
  ...["Project", "Node", "ImageStream", "BuildConfig", "Build", "Service", "Endpoints", "ReplicationController"],
  ...["Pod", "Route"],
];

/** The platform goes away and comes back; nothing that runs on it, and nothing that it knows, is another. */
export const restartStory = (platform: () => TestPlatform): void => {
  const containers = async () => {
    const { engine, installation } = platform();
    const found = await engine.containers.list({ labels: { "slipway.instance": installation.instance }, all: true });
    const inspected = await Promise.all(found.map(({ id }) => engine.containers.inspect(id)));
    return inspected.map(({ id, name, state }) => ({ id, name, startedAt: state.startedAt })).sort(byId);
  };
  const objects = async () => {
    const lists = await Promise.all(KINDS.map((kind) => platform().api.list(kind, "")));
    return lists.flat().map(({ kind, metadata, spec }) => ({ kind, metadata, spec }));
  };

  let stubborn = "";

  beforeAll(async () => {
    const { api } = platform();
    await api.apply("", { apiVersion: "v1", kind: "Project", metadata: { name: PROJECT } });
    await api.apply(PROJECT, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "lone" },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "lone",
            image: "slipway/busybox:latest",
            imagePullPolicy: "IfNotPresent",
            command: ["sleep", "3600"],
          },
        ],
      },
    });
    stubborn = (await api.untilObject("pods", PROJECT, "lone", isReady)).metadata.uid ?? "";
  }, 60_000);

  afterAll(async () => {
    await platform().slipway(["project", "delete", PROJECT]);
  });

  it("comes back with the same objects, the same pods and containers that went on all the while", async () => {
    const { slipway, up, edge } = platform();
    const before = { objects: await objects(), containers: await containers(), events: await allEvents(platform()) };

    const down = await slipway(["down"], { timeoutMs: 60_000 });
    measured("down", down.ms);
    expect(down.code).toBe(0);
    expect(await slipway(["get", "pods"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*reach/) });
    expect(await containers()).toEqual(before.containers);
    expect((await edge("hello-node-demo.apps.localhost", "/whoami")).status).toBe(200);

    const again = await up();
    measured("second up --detach", again.ms);
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: expect.any(String) });
    expect(again.ms).toBeLessThan(SECOND_START_LIMIT_MS);
    expect(await containers()).toEqual(before.containers);
    expect(await objects()).toEqual(before.objects);

    const events = await allEvents(platform());
    expect(events.slice(0, before.events.length)).toEqual(before.events);
    const pods = await platform().api.list("pods", "demo");
    expect(pods.map(restartsOf)).toEqual(pods.map(() => 0));
  }, 180_000);

  it("has the state that a fold of the log from its first event gives", async () => {
    const { api, installation } = platform();
    const options = { registryHost: `127.0.0.1:${installation.ports.registry}`, now: Date.now() };
    await until("a moment in which nothing happens", async () => {
      const head = await api.head();
      const shown = await Promise.all(
        KINDS.map(async (kind) => (await api.resources.list({ kind, atLeastPosition: BigInt(head) })).resources),
      );
      const state = fold(await allEvents(platform()));
      if (state.position !== head || (await api.head()) !== head) return undefined;
      for (const [i, kind] of KINDS.entries()) {
        expect(shown[i]?.map(objectOf)).toEqual(listView(state, kind, undefined, options).map(asShown(kind)));
      }
      return true;
    });
    const events = await allEvents(platform());
    const half = Math.floor(events.length / 2);
    const inTwo = fold(events.slice(0, half));
    for (const event of events.slice(half)) inTwo.apply(event);
    expect(fingerprint(inTwo)).toBe(fingerprint(fold(events)));
    measured("events folded", String(events.length));
  }, 60_000);

  it("starts again what died while it was away", async () => {
    const { slipway, up, engine, installation, api } = platform();
    expect(await slipway(["down"], { timeoutMs: 60_000 })).toMatchObject({ code: 0 });
    const labels = {
      "slipway.instance": installation.instance,
      "slipway.pod.uid": stubborn,
      "slipway.role": "app",
    };
    const [container] = await engine.containers.list({ labels });
    await engine.containers.kill(container?.id ?? "", "SIGKILL");
    expect(await up()).toMatchObject({ code: 0 });
    const pod = await api.untilObject("pods", PROJECT, "lone", (now) => isReady(now) && restartsOf(now) === 1);
    expect(pod.metadata.uid).toBe(stubborn);
  }, 180_000);

  it("brings every part back that is killed, and goes on serving", async () => {
    const { slipway, api, edge } = platform();
    for (const part of [
      "scheduler",
      "replicator",
      "builder",
      "node-agent",
      "nats",
      "registry",
      "postgres",
      "api-gateway",
    ]) {
      const before = await rowOf(platform(), part);
      process.kill(before.pid, "SIGKILL");
      const startedAt = performance.now();
      await until(`${part} is back`, async () => {
        const now = await rowOf(platform(), part);
        return now.state === "ready" && now.pid !== before.pid && now.restarts > before.restarts ? true : undefined;
      });
      measured(`${part} killed, until it is ready again`, performance.now() - startedAt);
      expect((await edge("hello-node-demo.apps.localhost", "/whoami")).status).toBe(200);
    }
    const name = "after-all";
    const created = await until("the API takes a wish again", () =>
      api.apply(PROJECT, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            { name, image: "slipway/busybox:latest", imagePullPolicy: "IfNotPresent", command: ["sleep", "3600"] },
          ],
        },
      }),
    );
    expect(created).toBeGreaterThan(0n);
    await api.untilObject("pods", PROJECT, name, isReady);
    const pods = await api.list("pods", "demo");
    expect(pods.map(restartsOf)).toEqual([0, 0, 0]);
    expect((await slipway(["status"])).code).toBe(0);
  }, 180_000);
};

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** A process of the platform, as `status` shows it. */
const rowOf = async (platform: TestPlatform, part: string) => {
  const { stdout } = await platform.slipway(["status"]);
  const line = stdout.split("\n").find((each) => each.startsWith(`${part} `)) ?? "";
  const [, state = "", pid = "", restarts = ""] = line.split(/\s+/);
  return { state, pid: Number(pid), restarts: Number(restarts) };
};

const allEvents = async ({ api }: TestPlatform): Promise<StoredEvent[]> => {
  const all: StoredEvent[] = [];
  for await (const { events } of api.events.subscribe({ fromPosition: 1n, untilHead: true })) {
    for (const { position, version, recordedAt, stream, id, type, data, actor } of events) {
      all.push({
        ...{ position: Number(position), version: Number(version), stream, id, type, data, meta: { actor } },
        recordedAt: recordedAt === undefined ? "" : timestampDate(recordedAt).toISOString(),
      });
    }
  }
  return all;
};

const fold = (events: readonly StoredEvent[]): ClusterState => {
  const state = new ClusterState();
  for (const event of events) state.apply(event);
  return state;
};

/** An object of the fold with what the wire does to every object: no defaults, nothing unknown. */
const asShown =
  (kind: string) =>
  (object: object): unknown => {
    const field = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
    const json = { [field]: { kind, ...object } } as unknown as JsonObject;
    const shown = toJson(ResourceSchema, fromJson(ResourceSchema, json, { ignoreUnknownFields: true }));
    return (shown as JsonObject)[field];
  };
