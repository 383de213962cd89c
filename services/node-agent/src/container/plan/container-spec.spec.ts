import type { EndpointsValue } from "@slipway/domain";
import { SlipwayError } from "@slipway/kernel";
import type { ContainerJson, PodJson } from "@slipway/proto";
import { type ContainerHome, containerSpec } from "./container-spec.ts";
import { expand } from "./expand.ts";
import { podPaths } from "./host-paths.ts";
import { serviceEnv } from "./service-env.ts";

const service = (name: string, more: Partial<EndpointsValue> = {}): EndpointsValue => ({
  project: "demo",
  service: name,
  uid: name,
  clusterIP: "10.96.0.5",
  ports: [{ name: "", port: 80, protocol: "TCP" }],
  endpoints: [],
  routes: [],
  position: 1,
  ...more,
});

const specOf = (container: ContainerJson, pod: PodJson = {}, services: EndpointsValue[] = []) => {
  const home: ContainerHome = {
    identity: { instance: "main", node: "n1" },
    facts: {
      pod: {
        ...pod,
        metadata: { uid: "u1", name: "web-1", namespace: "demo", labels: { app: "web" }, ...pod.metadata },
        spec: { containers: [container], ...pod.spec },
      },
      node: "n1",
      podIP: "10.88.0.2",
      hostIP: "192.0.2.1",
    },
    paths: podPaths("/state", "u1"),
    services,
    memory: { totalBytes: 1_000_000_000, minOomScoreAdj: -1_000 },
  };
  return containerSpec(home, {
    container: { name: "app", image: "web:1", ...container },
    restartCount: 2,
    backoffStep: 1,
    sandboxId: "s1",
    imageId: "sha256:1",
    stopSignal: "SIGQUIT",
  });
};

describe("text with references", () => {
  const known = (name: string) => ({ A: "1", B: "two" })[name];
  it.each([
    ["$(A)", "1"],
    ["x$(A)$(B)y", "x1twoy"],
    ["$$(A)", "$(A)"],
    ["$(NONE)", "$(NONE)"],
    ["$A and $", "$A and $"],
    ["$(A", "$(A"],
    ["$$$(A)", "$1"],
  ])("%s becomes %s", (text, expected) => expect(expand(text, known)).toBe(expected));
});

describe("the variables of a container", () => {
  it("name the project's services, in both of the ways that applications know", () => {
    expect(serviceEnv([service("redis-main"), service("headless", { clusterIP: "" })])).toEqual({
      REDIS_MAIN_SERVICE_HOST: "10.96.0.5",
      REDIS_MAIN_SERVICE_PORT: "80",
      REDIS_MAIN_PORT: "tcp://10.96.0.5:80",
      REDIS_MAIN_PORT_80_TCP: "tcp://10.96.0.5:80",
      REDIS_MAIN_PORT_80_TCP_PROTO: "tcp",
      REDIS_MAIN_PORT_80_TCP_PORT: "80",
      REDIS_MAIN_PORT_80_TCP_ADDR: "10.96.0.5",
    });
    const named = service("web", { ports: [{ name: "http-alt", port: 8080, protocol: "TCP" }] });
    expect(serviceEnv([named]).WEB_SERVICE_PORT_HTTP_ALT).toBe("8080");
  });

  it("see the ones before them, and a later one of the same name wins", () => {
    const env = [
      { name: "HOST", value: "$(WEB_SERVICE_HOST)" },
      { name: "URL", value: "http://$(HOST):80" },
      { name: "LATER", value: "$(AFTER)" },
      { name: "AFTER", value: "x" },
      { name: "URL", value: "$(URL)/path" },
    ];
    expect(specOf({ env }, {}, [service("web")]).env).toMatchObject({
      HOST: "10.96.0.5",
      URL: "http://10.96.0.5:80/path",
      LATER: "$(AFTER)",
    });
  });

  it.each([
    ["metadata.name", "web-1"],
    ["metadata.namespace", "demo"],
    ["metadata.uid", "u1"],
    ["metadata.labels['app']", "web"],
    ["metadata.annotations['none']", ""],
    ["spec.nodeName", "n1"],
    ["status.podIP", "10.88.0.2"],
    ["status.hostIP", "192.0.2.1"],
  ])("can be the pod's own %s", (fieldPath, expected) => {
    const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath } } }];
    expect(specOf({ env }).env).toMatchObject({ X: expected });
  });

  it("are refused when they ask for what there is not", () => {
    const env = [{ name: "X", valueFrom: { fieldRef: { fieldPath: "spec.secret" } } }];
    expect(() => specOf({ env })).toThrow(SlipwayError);
  });
});

describe("what the engine is asked to make", () => {
  it("keeps the image's entrypoint and command unless the container says otherwise, and expands its own", () => {
    expect(specOf({})).not.toHaveProperty("command");
    expect(specOf({ args: ["-v"] })).toMatchObject({ args: ["-v"] });
    const env = [{ name: "LEVEL", value: "9" }];
    expect(specOf({ env, command: ["run", "$(LEVEL)"], args: ["$(NONE)"] })).toMatchObject({
      command: ["run", "9"],
      args: ["$(NONE)"],
    });
  });

  it("joins the sandbox's network and shared memory, under a name that follows from the attempt", () => {
    expect(specOf({})).toMatchObject({
      name: "slipway-main-u1-app-2",
      image: "sha256:1",
      network: { type: "container", id: "s1" },
      ipcMode: "container:s1",
      labels: { "slipway.restart-count": "2", "slipway.backoff-step": "1", "slipway.stop-signal": "SIGQUIT" },
    });
  });

  it("turns requests and limits into the engine's terms", () => {
    const resources = { requests: { cpu: "250m" }, limits: { cpu: "0.5", memory: "64Mi" } };
    expect(specOf({ resources }).resources).toEqual({ cpuShares: 256, nanoCpus: 500_000_000, memoryBytes: 67_108_864 });
    expect(specOf({}).resources).toEqual({ cpuShares: 2 });
    expect(specOf({ resources: { limits: { cpu: 1 } } }).resources).toEqual({
      cpuShares: 1_024,
      nanoCpus: 1_000_000_000,
    });
  });

  it("says whom the kernel may kill first", () => {
    const both = { cpu: "1", memory: "100M" };
    expect(specOf({ resources: { limits: both } }).oomScoreAdj).toBe(-997);
    expect(specOf({ resources: { requests: { memory: "100M" } } }).oomScoreAdj).toBe(900);
    expect(specOf({}).oomScoreAdj).toBe(1_000);
  });

  it("mounts volumes, parts of them, and the pod's own files", () => {
    const pod = { spec: { volumes: [{ name: "data", emptyDir: {} }] } };
    const volumeMounts = [
      { name: "data", mountPath: "/data" },
      { name: "data", mountPath: "/logs", subPath: "a/b", readOnly: true },
    ];
    expect(specOf({ volumeMounts }, pod).binds).toEqual([
      { source: "/state/pods/u1/volumes/data", target: "/data" },
      { source: "/state/pods/u1/volumes/data/a/b", target: "/logs", readOnly: true },
      { source: "/state/pods/u1/hosts", target: "/etc/hosts" },
      { source: "/state/pods/u1/resolv.conf", target: "/etc/resolv.conf" },
    ]);
  });

  it.each(["..", "a/../../b", "/etc", ""])("lets no mount out of its volume: %j", (subPath) => {
    const pod = { spec: { volumes: [{ name: "data", emptyDir: {} }] } };
    const mount = () => specOf({ volumeMounts: [{ name: "data", mountPath: "/d", subPath }] }, pod).binds;
    if (subPath === "") expect(mount()?.[0]?.source).toBe("/state/pods/u1/volumes/data");
    else expect(mount).toThrow("must be a path within the volume");
  });

  it("refuses a mount of a volume that the pod does not have", () => {
    expect(() => specOf({ volumeMounts: [{ name: "none", mountPath: "/d" }] })).toThrow('The volume "none"');
  });

  it("takes users and groups from the container before the pod", () => {
    const pod = { spec: { securityContext: { runAsUser: 1_000, runAsGroup: 2_000 } } };
    expect(specOf({}, pod).user).toBe("1000:2000");
    expect(specOf({ securityContext: { runAsUser: 7 } }, pod).user).toBe("7:2000");
    expect(specOf({ securityContext: { runAsGroup: 5 } }).user).toBe("0:5");
    expect(specOf({})).not.toHaveProperty("user");
  });
});
