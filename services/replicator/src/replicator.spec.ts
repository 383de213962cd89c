import type { EndpointsValue } from "@slipway/domain";
import { seededRandom } from "@slipway/kernel";
import type { ReplicationControllerJson } from "@slipway/proto";
import { createLogger, startComponents } from "@slipway/runtime";
import { eventually, type MemoryPlatform, memoryPlatform } from "@slipway/testkit";
import { createReplicator, type Replicator } from "./replicator.ts";

const logger = createLogger({ service: "replicator", level: "silent" });
const AT = "2026-01-01T00:00:00Z";

let platform: MemoryPlatform;
const running: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  platform = await memoryPlatform();
  await platform.append("project/_/demo", {
    type: "ProjectCreated",
    data: { project: { kind: "Project", metadata: { name: "demo", uid: "project" } } },
  });
});

afterEach(async () => {
  for (const part of running.splice(0)) await part.stop();
  await platform.stop();
});

const start = async (): Promise<Replicator> => {
  const { log, bus, clock } = platform;
  const replicator = createReplicator({ log, bus, clock, logger, random: seededRandom(1) });
  running.push(await startComponents([replicator]));
  return replicator;
};

const controller = (replicas: number, name = "web"): ReplicationControllerJson => ({
  kind: "ReplicationController",
  metadata: { name, namespace: "demo", uid: `rc-${name}` },
  spec: {
    replicas,
    selector: { app: name },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
});

const addController = (replicas: number, name = "web") =>
  platform.append(`replicationcontroller/demo/${name}`, {
    type: "ReplicationControllerCreated",
    data: { replicationController: controller(replicas, name) },
  });

const scale = (replicas: number) =>
  platform.append("replicationcontroller/demo/web", {
    type: "ReplicationControllerScaled",
    data: { uid: "rc-web", replicas },
  });

const pods = (replicator: Replicator) => [...(replicator.follower()?.state.pods.list("demo") ?? [])];
const staying = (replicator: Replicator) => pods(replicator).filter(({ state }) => state.deletion === undefined);

const untilPods = (replicator: Replicator, count: number) =>
  eventually(() => (staying(replicator).length === count ? staying(replicator) : undefined));

/** What scheduler and agent would do with a pod: bind it, start it, make it ready at this address. */
const run = async (name: string, uid: string, podIP: string) => {
  await platform.append(`pod/demo/${name}`, { type: "PodScheduled", data: { uid, node: "n1" } });
  await platform.append(
    `pod-status/demo/${name}`,
    { type: "PodSandboxStarted", data: { uid, node: "n1", podIP, sandboxId: `s-${uid}`, at: AT } },
    { type: "ContainerStarted", data: { uid, container: "c", containerID: `c-${uid}`, at: AT } },
    { type: "ContainerReady", data: { uid, container: "c", at: AT } },
  );
};

const addNode = () =>
  platform.append("node/_/n1", { type: "NodeRegistered", data: { node: { metadata: { name: "n1", uid: "n1" } } } });

const addService = (name: string, uid = `svc-${name}`) =>
  platform.append(`service/demo/${name}`, {
    type: "ServiceCreated",
    data: {
      service: {
        metadata: { name, namespace: "demo", uid },
        spec: {
          selector: { app: "web" },
          clusterIP: "10.96.0.7",
          ports: [{ name: "http", port: 80, targetPort: 8080 }],
        },
      },
    },
  });

const endpointsOf = async (service: string) =>
  (await platform.bus.endpoints.list({ project: "demo", service }))[0]?.value as EndpointsValue | undefined;

describe("a replication controller", () => {
  it("gets the pods that it wants, made from its template and owned by it", async () => {
    const replicator = await start();
    await addController(3);
    const made = await untilPods(replicator, 3);
    for (const { name, state } of made) {
      expect(name).toMatch(/^web-[a-z0-9]{5}$/);
      expect(state.pod.metadata).toMatchObject({
        labels: { app: "web" },
        ownerReferences: [{ uid: "rc-web", controller: true }],
      });
      expect(state.pod.spec).toEqual({ containers: [{ name: "c", image: "i" }] });
    }
  });

  it("is scaled up and down, and takes those without a node first", async () => {
    await addNode();
    const replicator = await start();
    await addController(2);
    const [kept] = await untilPods(replicator, 2);
    await run(kept?.name ?? "", kept?.state.pod.metadata?.uid ?? "", "10.0.0.1");
    await scale(5);
    await untilPods(replicator, 5);
    await scale(1);
    expect((await untilPods(replicator, 1)).map(({ name }) => name)).toEqual([kept?.name]);
  });

  it("never makes too many when two replicators decide", async () => {
    const [one] = await Promise.all([start(), start()]);
    await addController(40);
    await untilPods(one as Replicator, 40);
    await scale(60);
    await untilPods(one as Replicator, 60);
    const created: string[] = [];
    for await (const events of platform.log.read(1, { types: ["PodCreated"] }))
      created.push(...events.map(({ stream }) => stream));
    expect(created).toHaveLength(60);
  });

  it("adopts an orphan that matches and lets go of a pod that does not any more", async () => {
    await platform.append("pod/demo/stray", {
      type: "PodCreated",
      data: {
        pod: {
          metadata: { name: "stray", namespace: "demo", uid: "stray", labels: { app: "web" } },
          spec: { containers: [{ name: "c" }] },
        },
      },
    });
    const replicator = await start();
    await addController(1);
    const stray = () => replicator.follower()?.state.pods.get("demo", "stray")?.state.pod;
    await eventually(() => stray()?.metadata?.ownerReferences?.[0]);
    expect(staying(replicator)).toHaveLength(1);
    await platform.append("pod/demo/stray", {
      type: "PodChanged",
      data: { pod: { ...stray(), metadata: { ...stray()?.metadata, labels: { app: "debug" } } } },
    });
    await untilPods(replicator, 2);
    await eventually(() => stray()?.metadata?.ownerReferences?.length === 0 || undefined);
  });

  it("leaves no pod behind when it is deleted", async () => {
    await addNode();
    const replicator = await start();
    await addController(2);
    const [first] = await untilPods(replicator, 2);
    const uid = first?.state.pod.metadata?.uid ?? "";
    await run(first?.name ?? "", uid, "10.0.0.1");
    await platform.append("replicationcontroller/demo/web", {
      type: "ReplicationControllerDeleted",
      data: { uid: "rc-web" },
    });
    await untilPods(replicator, 0);
    // The one on a node stays until its agent says that nothing is left.
    expect(pods(replicator).map(({ name }) => name)).toEqual([first?.name]);
    await platform.append(`pod-status/demo/${first?.name}`, { type: "PodStopped", data: { uid, node: "n1", at: AT } });
    await eventually(() => pods(replicator).length === 0 || undefined);
  });
});

describe("a deleted project", () => {
  it("is emptied and then gone, with its addresses", async () => {
    const replicator = await start();
    await addController(3);
    await addService("web");
    await platform.append("service-ip/_/10.96.0.7", {
      type: "ServiceAddressClaimed",
      data: { holder: "service/demo/web" },
    });
    await untilPods(replicator, 3);
    await platform.append("project/_/demo", { type: "ProjectTerminating", data: { at: AT } });
    const { state } = replicator.follower() ?? {};
    await eventually(() => state?.projects.get("", "demo") === undefined || undefined);
    expect([
      state?.pods.count("demo"),
      state?.services.count("demo"),
      state?.replicationControllers.count("demo"),
    ]).toEqual([0, 0, 0]);
    await eventually(() => state?.serviceAddresses.count() === 0 || undefined);
    await eventually(async () => (await platform.bus.endpoints.list()).length === 0 || undefined);
  });
});

describe("the endpoints feed", () => {
  it("holds the ready pods of each service and its routes", async () => {
    await addNode();
    const replicator = await start();
    await addService("web");
    await addController(2);
    const [a, b] = await untilPods(replicator, 2);
    await run(a?.name ?? "", a?.state.pod.metadata?.uid ?? "", "10.0.0.1");
    await platform.append("route/demo/web", {
      type: "RouteCreated",
      data: {
        route: {
          metadata: { name: "web", namespace: "demo", uid: "r" },
          spec: { host: "web.test", to: { name: "web" }, port: { targetPort: 8080 } },
        },
      },
    });
    const value = await eventually(async () => {
      const now = await endpointsOf("web");
      return now?.endpoints.length === 1 && now.routes.length === 1 ? now : undefined;
    });
    expect(value).toMatchObject({
      clusterIP: "10.96.0.7",
      ports: [{ name: "http", port: 80, protocol: "TCP" }],
      endpoints: [{ pod: a?.name, ip: "10.0.0.1", ready: true, ports: { http: 8080 } }],
      routes: [{ name: "web", host: "web.test", path: "", weight: 100, portName: "http", port: 80 }],
    });
    await run(b?.name ?? "", b?.state.pod.metadata?.uid ?? "", "10.0.0.2");
    await eventually(
      async () => (await endpointsOf("web"))?.endpoints.filter(({ ready }) => ready).length === 2 || undefined,
    );
    await platform.append(`pod-status/demo/${b?.name}`, {
      type: "ContainerNotReady",
      data: { uid: b?.state.pod.metadata?.uid ?? "", container: "c", reason: "Unhealthy", at: AT },
    });
    await eventually(
      async () => (await endpointsOf("web"))?.endpoints.filter(({ ready }) => ready).length === 1 || undefined,
    );
  });

  it("gives a host to the route that was made first", async () => {
    await start();
    await addService("web");
    for (const name of ["first", "second"]) {
      await platform.append(`route/demo/${name}`, {
        type: "RouteCreated",
        data: {
          route: { metadata: { name, namespace: "demo", uid: name }, spec: { host: "same.test", to: { name: "web" } } },
        },
      });
    }
    await eventually(
      async () => (await endpointsOf("web"))?.routes.map(({ name }) => name).join() === "first" || undefined,
    );
    await platform.append("route/demo/first", { type: "RouteDeleted", data: { uid: "first" } });
    await eventually(
      async () => (await endpointsOf("web"))?.routes.map(({ name }) => name).join() === "second" || undefined,
    );
  });

  it("is written anew when it is lost, and forgets services that are gone", async () => {
    await platform.bus.endpoints.put({ project: "demo", service: "ghost" }, { project: "demo", service: "ghost" });
    await start();
    expect(await endpointsOf("ghost")).toBeUndefined();
    await addService("web");
    await eventually(() => endpointsOf("web"));
    platform.bus.wipe();
    await eventually(() => endpointsOf("web").catch(() => undefined), 20_000);
  }, 30_000);
});
