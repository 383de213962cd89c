import type { DomainEvent } from "@slipway/domain";
import type { ContainerJson, PodJson, RouteJson, RouteSpecJson, ServiceJson, ServiceSpecJson } from "@slipway/proto";
import { ClusterState } from "./cluster-state.ts";
import { endpointsOf } from "./endpoints-view.ts";
import { routeAdmission, routesTo } from "./route-admission.ts";
import { serviceEndpoints } from "./service-endpoints.ts";
import { listView, viewOf } from "./view.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const ago = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

/** A cluster of one node, and short ways to put objects into it. */
const cluster = () => {
  const state = new ClusterState();
  const add = (stream: string, ...events: DomainEvent[]) => {
    for (const event of events) {
      const position = state.position + 1;
      const version = state.streamVersion(stream) + 1;
      state.apply({ ...event, id: String(position), position, stream, version, meta: { actor: "t" }, recordedAt: "" });
    }
  };
  const pod = (
    name: string,
    labels: Record<string, string>,
    container: ContainerJson = {},
    metadata: PodJson["metadata"] = {},
  ) =>
    add(
      `pod/demo/${name}`,
      {
        type: "PodCreated",
        data: {
          pod: {
            kind: "Pod",
            metadata: { name, namespace: "demo", uid: name, labels, ...metadata },
            spec: { containers: [{ name: "web", image: "web:1", ...container }] },
          },
        },
      },
      { type: "PodScheduled", data: { uid: name, node: "n1" } },
    );
  const runs = (name: string, podIP: string, readyAgo?: number) => {
    const uid = name;
    add(
      `pod-status/demo/${name}`,
      { type: "PodSandboxStarted", data: { uid, node: "n1", podIP, sandboxId: "s", at: ago(60) } },
      { type: "ContainerStarted", data: { uid, container: "web", containerID: "c", at: ago(60) } },
    );
    if (readyAgo === undefined) return;
    add(`pod-status/demo/${name}`, { type: "ContainerReady", data: { uid, container: "web", at: ago(readyAgo) } });
  };
  const service = (name: string, spec: ServiceSpecJson): ReturnType<typeof entry> => {
    const object: ServiceJson = { kind: "Service", metadata: { name, namespace: "demo", uid: `s-${name}` }, spec };
    add(`service/demo/${name}`, { type: "ServiceCreated", data: { service: object } });
    return entry(name);
  };
  const entry = (name: string) => {
    const found = state.services.get("demo", name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  const route = (project: string, name: string, spec: RouteSpecJson) => {
    const object: RouteJson = {
      kind: "Route",
      metadata: { name, namespace: project, uid: `${project}/${name}` },
      spec,
    };
    add(`route/${project}/${name}`, { type: "RouteCreated", data: { route: object } });
    const found = state.routes.get(project, name);
    if (found === undefined) throw new Error(name);
    return found;
  };
  add(
    "node/_/n1",
    { type: "NodeRegistered", data: { node: { metadata: { name: "n1", uid: "n1" } } } },
    { type: "NodeReady", data: { at: ago(600) } },
  );
  return { state, add, pod, runs, service, route };
};

describe("the endpoints of a service", () => {
  it("are the pods that its selector chooses: ready ones get traffic, others are told apart", () => {
    const { state, pod, runs, service } = cluster();
    for (const name of ["a", "b", "c"]) pod(name, { app: "web" });
    pod("other", { app: "db" });
    runs("a", "10.1.0.1", 5);
    runs("b", "10.1.0.2");
    runs("other", "10.1.0.9", 5);
    const web = service("web", { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] });
    const address = (name: string, ip: string) => ({
      ip,
      nodeName: "n1",
      targetRef: { kind: "Pod", namespace: "demo", name, uid: name },
    });
    expect(endpointsOf(state, web).subsets).toEqual([
      {
        addresses: [address("a", "10.1.0.1")],
        notReadyAddresses: [address("b", "10.1.0.2")],
        ports: [{ port: 8080, protocol: "TCP" }],
      },
    ]);
    expect(serviceEndpoints(state, web)).toEqual([
      { pod: "a", uid: "a", node: "n1", ip: "10.1.0.1", ready: true, ports: { 80: 8080 } },
      { pod: "b", uid: "b", node: "n1", ip: "10.1.0.2", ready: false, ports: { 80: 8080 } },
    ]);
  });

  it("resolve a named port in each pod by itself, and leave out pods that do not have it", () => {
    const { state, pod, runs, service } = cluster();
    pod("a", { app: "web" }, { ports: [{ name: "http", containerPort: 8080 }] });
    pod("b", { app: "web" }, { ports: [{ name: "http", containerPort: 9090 }] });
    pod("c", { app: "web" });
    for (const [index, name] of ["a", "b", "c"].entries()) runs(name, `10.1.0.${index}`, 5);
    const web = service("web", { selector: { app: "web" }, ports: [{ name: "web", port: 80, targetPort: "http" }] });
    expect(
      endpointsOf(state, web).subsets?.map(({ ports, addresses }) => [ports?.[0]?.port, addresses?.length]),
    ).toEqual([
      [8080, 1],
      [9090, 1],
    ]);
    expect(serviceEndpoints(state, web).map(({ ports }) => ports)).toEqual([{ web: 8080 }, { web: 9090 }, {}]);
  });

  it("leave out pods that are going, have ended or have no address", () => {
    const { state, add, pod, runs, service } = cluster();
    for (const name of ["going", "ended", "new"]) pod(name, { app: "web" });
    runs("going", "10.1.0.1", 5);
    runs("ended", "10.1.0.2", 5);
    add("pod/demo/going", { type: "PodDeletionRequested", data: { uid: "going", at: ago(1), gracePeriodSeconds: 30 } });
    add("pod-status/demo/ended", { type: "PodFailed", data: { uid: "ended", reason: "Evicted", at: ago(1) } });
    const web = service("web", { selector: { app: "web" }, ports: [{ port: 80 }] });
    expect(endpointsOf(state, web).subsets).toEqual([]);
    expect(serviceEndpoints(state, web)).toEqual([]);
  });

  it("are published before they are ready when the service asks for it, and never for pods of a lost node", () => {
    const { state, add, pod, runs, service } = cluster();
    pod("a", { app: "web" });
    runs("a", "10.1.0.1");
    const early = service("early", { selector: { app: "web" }, ports: [{ port: 80 }], publishNotReadyAddresses: true });
    expect(serviceEndpoints(state, early)).toMatchObject([{ ready: true }]);
    add("pod-status/demo/a", { type: "ContainerReady", data: { uid: "a", container: "web", at: ago(1) } });
    const web = service("web", { selector: { app: "web" }, ports: [{ port: 80 }] });
    expect(serviceEndpoints(state, web)).toMatchObject([{ ready: true }]);
    add("node/_/n1", { type: "NodeUnreachable", data: { lastHeartbeat: ago(50), at: ago(10) } });
    expect(serviceEndpoints(state, web)).toMatchObject([{ ready: false }]);
  });

  it("are none for a service without a selector, and have no ports for a headless one without any", () => {
    const { state, pod, runs, service } = cluster();
    pod("a", { app: "web" });
    runs("a", "10.1.0.1", 5);
    expect(endpointsOf(state, service("none", { ports: [{ port: 80 }] })).subsets).toEqual([]);
    const headless = service("headless", { selector: { app: "web" }, clusterIP: "None" });
    expect(endpointsOf(state, headless).subsets).toMatchObject([{ addresses: [{ ip: "10.1.0.1" }] }]);
    expect(endpointsOf(state, headless).subsets?.[0]?.ports).toBeUndefined();
  });
});

describe("the admission of routes", () => {
  const to = { kind: "Service", name: "web" };

  it("gives a host to the project that claimed it first, with all its paths", () => {
    const { state, route } = cluster();
    const first = route("demo", "web", { host: "a.example.com", to });
    const thief = route("other", "web", { host: "a.example.com", path: "/free", to });
    expect(routeAdmission(state, first)).toEqual({ admitted: true });
    expect(routeAdmission(state, thief)).toMatchObject({ admitted: false, reason: "HostAlreadyClaimed" });
    expect(routeAdmission(state, thief)).not.toMatchObject({ message: expect.stringContaining("demo") });
  });

  it("gives each path of a host to the oldest route of the project", () => {
    const { state, route } = cluster();
    route("demo", "one", { host: "a.example.com", path: "/", to });
    const same = route("demo", "two", { host: "a.example.com", to });
    const other = route("demo", "three", { host: "a.example.com", path: "/api", to });
    expect(routeAdmission(state, same)).toMatchObject({
      admitted: false,
      message: "route one already exposes a.example.com and is older",
    });
    expect(routeAdmission(state, other)).toEqual({ admitted: true });
    expect(viewOf(state, "route", "demo", "two")).toMatchObject({
      status: { ingress: [{ conditions: [{ type: "Admitted", status: "False", reason: "HostAlreadyClaimed" }] }] },
    });
  });

  it("passes to the next one when the oldest is removed", () => {
    const { state, add, route } = cluster();
    route("demo", "web", { host: "a.example.com", to });
    const next = route("other", "web", { host: "a.example.com", to });
    add("route/demo/web", { type: "RouteDeleted", data: { uid: "demo/web" } });
    expect(routeAdmission(state, next)).toEqual({ admitted: true });
  });

  it("tells the edge of admitted routes only, with weight and port", () => {
    const { state, route } = cluster();
    route("demo", "one", { host: "a.example.com", path: "/x", to: { ...to, weight: 5 }, port: { targetPort: "http" } });
    route("demo", "two", { host: "b.example.com", to, port: { targetPort: "8080" } });
    route("demo", "late", { host: "b.example.com", to });
    route("demo", "nameless", { to });
    expect(routesTo(state, "demo", "web")).toEqual([
      { name: "one", host: "a.example.com", path: "/x", weight: 5, portName: "http" },
      { name: "two", host: "b.example.com", path: "", weight: 100, port: 8080 },
    ]);
  });
});

describe("views", () => {
  it("carry the position of the object's last change, of both streams of a pod", () => {
    const { state, pod, runs } = cluster();
    pod("a", { app: "web" });
    runs("a", "10.1.0.1", 5);
    expect(viewOf(state, "pods", "demo", "a")?.metadata?.resourceVersion).toBe(String(state.position));
    expect(viewOf(state, "Node", "", "n1")?.metadata?.resourceVersion).toBe("2");
    expect(viewOf(state, "po", "demo", "missing")).toBeUndefined();
  });

  it("show a pod on a lost node as Unknown", () => {
    const { state, add, pod, runs } = cluster();
    pod("a", { app: "web" });
    runs("a", "10.1.0.1", 5);
    expect(viewOf(state, "Pod", "demo", "a")).toMatchObject({ status: { phase: "Running" } });
    add("node/_/n1", { type: "NodeUnreachable", data: { lastHeartbeat: ago(50), at: ago(10) } });
    expect(viewOf(state, "Pod", "demo", "a")).toMatchObject({
      status: {
        phase: "Unknown",
        reason: "NodeLost",
        conditions: expect.arrayContaining([expect.objectContaining({ type: "Ready", status: "False" })]),
      },
    });
  });

  it("count the pods of a controller that neither have ended nor are going", () => {
    const { state, add, pod, runs } = cluster();
    const template = { metadata: { labels: { app: "web", tier: "front" } } };
    add("replicationcontroller/demo/web", {
      type: "ReplicationControllerCreated",
      data: {
        replicationController: {
          metadata: { name: "web", namespace: "demo", uid: "r1", generation: 3 },
          spec: { replicas: 4, minReadySeconds: 10, template },
        },
      },
    });
    const owner = { ownerReferences: [{ uid: "r1", controller: true }] };
    pod("old", { app: "web", tier: "front" }, {}, owner);
    pod("young", { app: "web" }, {}, owner);
    pod("starting", { app: "web" }, {}, owner);
    pod("going", { app: "web" }, {}, owner);
    runs("old", "10.1.0.1", 30);
    runs("young", "10.1.0.2", 5);
    add("pod/demo/going", { type: "PodDeletionRequested", data: { uid: "going", at: ago(1), gracePeriodSeconds: 30 } });
    expect(viewOf(state, "rc", "demo", "web", { now: NOW })).toMatchObject({
      status: { replicas: 3, fullyLabeledReplicas: 1, readyReplicas: 2, availableReplicas: 1, observedGeneration: 3 },
    });
  });

  it("list a kind by project, name and labels", () => {
    const { state, pod } = cluster();
    pod("b", { app: "web" });
    pod("a", { app: "web", tier: "front" });
    pod("c", { app: "db" });
    const names = (labelSelector?: string) =>
      listView(state, "pods", "demo", labelSelector === undefined ? {} : { labelSelector }).map(
        ({ metadata }) => metadata?.name,
      );
    expect(names()).toEqual(["a", "b", "c"]);
    expect(names("app=web,tier!=front")).toEqual(["b"]);
    expect(listView(state, "pods", "other")).toEqual([]);
    expect(listView(state, "nodes", undefined, { labelSelector: "!gpu" })).toHaveLength(1);
  });

  it("refuse a kind that there is not", () => {
    expect(() => viewOf(new ClusterState(), "gadget", "demo", "a")).toThrow(
      expect.objectContaining({ code: "UnknownKind" }),
    );
  });
});
