import { readFile } from "node:fs/promises";
import http from "node:http";
import type { EndpointValue } from "@slipway/domain";
import type { PodSpecJson } from "@slipway/proto";
import { eventually } from "@slipway/testkit";
import { LABEL } from "./container/plan/labels.ts";
import { runCommand } from "./host/run-command.ts";
import { type DockerNode, dockerNode } from "./testing/docker-node.ts";

const INSTANCE = `agentspec${process.pid % 1_000}`;
const EDGE_PORT = 20_000 + (process.pid % 10_000);
const VIP = "10.247.0.10";

let node: DockerNode;

beforeAll(async () => {
  node = await dockerNode({
    instance: INSTANCE,
    podCidr: "10.246.77.0/24",
    serviceCidr: "10.247.0.0/16",
    edgePort: EDGE_PORT,
  });
  await node.start();
}, 60_000);

afterAll(() => node?.close(), 60_000);

/** Answers its own name on port 8080. */
const web = (more: Partial<PodSpecJson> = {}): PodSpecJson => ({
  terminationGracePeriodSeconds: 1,
  containers: [
    {
      name: "web",
      image: node.image,
      command: ["sh", "-c", "hostname > /www/index.html; exec httpd -f -p 8080 -h /www"],
    },
  ],
  ...more,
});

const labelled = (uid: string, more: Record<string, string> = {}) =>
  node.engine.containers.list({ labels: { [LABEL.instance]: INSTANCE, [LABEL.podUid]: uid, ...more }, all: true });
const running = async (uid: string, container = "web") =>
  (await labelled(uid, { [LABEL.container]: container })).find(({ status }) => status === "running");
const types = (uid: string) => node.events(uid).map(({ type }) => type);
const podIP = (uid: string): string => {
  const started = node.events(uid).findLast(({ type }) => type === "PodSandboxStarted");
  return (started?.data as { podIP?: string } | undefined)?.podIP ?? "";
};
const ready = (uid: string) => eventually(() => types(uid).includes("ContainerReady") || undefined, 20_000);
const endpoint = (uid: string): EndpointValue => ({
  pod: `pod-${uid}`,
  uid,
  node: "n1",
  ip: podIP(uid),
  ready: true,
  ports: { "80": 8080 },
});
const inPod = async (uid: string, ...command: string[]) => {
  const found = await running(uid);
  return node.engine.containers.exec(found?.id ?? "", { command });
};
const get = (
  port: number,
  host: string,
  address = "127.0.0.1",
  path = "/",
): Promise<{ status: number; body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const options = { host: address, port, path, headers: { host }, agent: false, timeout: 5_000 };
  http
    .get(options, async (response) => {
      let body = "";
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode ?? 0, body: body.trim() });
    })
    .on("error", reject);
  return promise;
};

describe("a node agent on a real engine", () => {
  it("runs a pod of two containers that share their network and a volume", async () => {
    const mounts = [{ name: "shared", mountPath: "/shared" }];
    await node.assign("two", {
      volumes: [{ name: "shared", emptyDir: {} }],
      containers: [
        { ...web().containers?.[0], volumeMounts: mounts },
        { name: "side", image: node.image, command: ["sleep", "1000"], volumeMounts: mounts },
      ],
      terminationGracePeriodSeconds: 0,
    });
    await eventually(() => types("two").filter((type) => type === "ContainerReady").length === 2 || undefined, 20_000);
    const side = (await running("two", "side"))?.id ?? "";
    const read = (...command: string[]) => node.engine.containers.exec(side, { command });
    await eventually(async () => (await read("wget", "-qO-", "http://127.0.0.1:8080")).exitCode === 0 || undefined);
    expect((await read("wget", "-qO-", "http://127.0.0.1:8080")).output.trim()).toBe("pod-two");
    expect((await inPod("two", "sh", "-c", "echo hello > /shared/file")).exitCode).toBe(0);
    expect((await read("cat", "/shared/file")).output.trim()).toBe("hello");
    expect((await read("cat", "/etc/resolv.conf")).output).toMatch(
      /search demo\.svc\.cluster\.local svc\.cluster\.local/,
    );
    expect((await read("cat", "/etc/hosts")).output).toContain(`${podIP("two")}\tpod-two`);
  }, 60_000);

  it("has a killed container running again within two seconds, its volume untouched", async () => {
    const before = await running("two");
    const { state } = await node.engine.containers.inspect(before?.id ?? "");
    const killedAt = performance.now();
    process.kill(state.pid, "SIGKILL");
    await eventually(async () => {
      const now = await running("two");
      return now !== undefined && now.id !== before?.id ? now : undefined;
    });
    const tookMs = performance.now() - killedAt;
    process.stderr.write(`killed container back after ${Math.round(tookMs)} ms\n`);
    expect(tookMs).toBeLessThan(2_000);
    expect((await inPod("two", "cat", "/shared/file")).output.trim()).toBe("hello");
  }, 30_000);

  it("makes the pod whole again, with another address, when its sandbox is removed by hand", async () => {
    const [sandbox] = await labelled("two", { [LABEL.role]: "sandbox" });
    const startedAt = performance.now();
    await node.engine.containers.remove(sandbox?.id ?? "", { force: true });
    await eventually(
      () => types("two").filter((type) => type === "PodSandboxStarted").length === 2 || undefined,
      10_000,
    );
    await eventually(async () => (await running("two")) && (await running("two", "side")), 10_000);
    process.stderr.write(`removed sandbox: pod whole after ${Math.round(performance.now() - startedAt)} ms\n`);
    expect(types("two")).toContain("PodSandboxLost");
    expect((await inPod("two", "cat", "/shared/file")).output.trim()).toBe("hello");
    await eventually(async () => (await inPod("two", "cat", "/etc/hosts")).output.includes(podIP("two")) || undefined);
  }, 30_000);

  it("adopts running containers after its restart", async () => {
    const before = await labelled("two");
    await node.stop();
    await node.start();
    await node.assign("late", web());
    await ready("late");
    expect((await labelled("two")).map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect((await running("two"))?.status).toBe("running");
  }, 60_000);

  it("reaches all pods of a service by its address, from the host, from pods and from a pod to itself", async () => {
    await Promise.all(["a", "b"].map((uid) => node.assign(uid, web())));
    await Promise.all(["a", "b", "late"].map(ready));
    await node.endpoints({ service: "web", clusterIP: VIP, endpoints: ["a", "b", "late"].map(endpoint) });
    const names = new Set<string>();
    await eventually(async () => {
      const { body } = await get(80, "web", VIP).catch(() => ({ body: "" }));
      if (body !== "") names.add(body);
      return names.size === 3 || undefined;
    }, 10_000);
    const fromPod = new Set<string>();
    for (let i = 0; i < 30; i++) fromPod.add((await inPod("a", "wget", "-qO-", `http://${VIP}`)).output.trim());
    expect([...fromPod].sort()).toEqual(["pod-a", "pod-b", "pod-late"]);
  }, 60_000);

  it("refuses connections to a service without ready pods at once", async () => {
    await node.endpoints({ service: "empty", clusterIP: "10.247.0.11" });
    await eventually(
      () =>
        get(80, "x", "10.247.0.11").then(
          () => undefined,
          (error: NodeJS.ErrnoException) => error.code === "ECONNREFUSED" || undefined,
        ),
      5_000,
    );
  }, 30_000);

  it("answers names of services, of headless services' pods and backwards, and knows when there is none", async () => {
    await node.endpoints({ service: "peers", endpoints: ["a", "b"].map(endpoint) });
    const look = async (name: string) => (await inPod("a", "nslookup", name)).output;
    await eventually(async () => (await look("web.demo.svc.cluster.local")).includes(VIP) || undefined);
    // The search path of the pod's resolver does the rest.
    expect((await inPod("a", "wget", "-qO-", "http://web")).output).toMatch(/^pod-/);
    const peers = await eventually(async () => {
      const answer = await look("peers.demo.svc.cluster.local");
      return answer.includes(podIP("a")) ? answer : undefined;
    });
    expect(peers).toContain(podIP("b"));
    expect(await look("nobody.demo.svc.cluster.local")).toMatch(/NXDOMAIN|can't find/);
  }, 30_000);

  it("leads requests at the edge to the pods of a route, and says which route has none", async () => {
    const routes = [{ name: "web", host: "web.apps.localhost", path: "", weight: 100 }];
    await node.endpoints({ service: "web", clusterIP: VIP, endpoints: ["a", "b", "late"].map(endpoint), routes });
    const names = new Set<string>();
    await eventually(async () => {
      const { body, status } = await get(EDGE_PORT, "web.apps.localhost").catch(() => ({ body: "", status: 0 }));
      if (status === 200) names.add(body);
      return names.size === 3 || undefined;
    }, 10_000);
    const unknown = await get(EDGE_PORT, "other.apps.localhost");
    expect(unknown).toEqual({ status: 503, body: expect.stringContaining("other.apps.localhost") });
    await node.endpoints({
      service: "none",
      routes: [{ name: "none", host: "none.apps.localhost", path: "/x/", weight: 1 }],
    });
    await eventually(async () => {
      const { status, body } = await get(EDGE_PORT, "none.apps.localhost");
      return status === 503 && body.includes("No route") ? true : undefined;
    });
  }, 30_000);

  it("loses no request at the edge while a pod is deleted and another is killed", async () => {
    let sent = 0;
    const failed: string[] = [];
    const stop = new AbortController();
    const hammer = async () => {
      while (!stop.signal.aborted) {
        sent++;
        const { status } = await get(EDGE_PORT, "web.apps.localhost").catch((error: Error) => ({
          status: error.message,
        }));
        if (status !== 200) failed.push(String(status));
      }
    };
    const hammers = [hammer(), hammer(), hammer()];
    await node.assign("b", web(), { gracePeriodSeconds: 1, at: new Date().toISOString(), reason: "Deleted" });
    await eventually(() => types("b").includes("PodStopped") || undefined, 15_000);
    const killed = await node.engine.containers.inspect((await running("late"))?.id ?? "");
    process.kill(killed.state.pid, "SIGKILL");
    await eventually(async () => {
      const now = await running("late");
      return now !== undefined && now.id !== killed.id ? now : undefined;
    });
    stop.abort();
    await Promise.all(hammers);
    process.stderr.write(`edge: ${sent} requests, ${failed.length} failed\n`);
    expect(failed).toEqual([]);
    expect(await labelled("b")).toEqual([]);
  }, 60_000);

  it("keeps the edge and the service addresses working while no agent runs, and takes them over again", async () => {
    await node.endpoints({
      service: "web",
      clusterIP: VIP,
      endpoints: ["a", "late"].map(endpoint),
      routes: [{ name: "web", host: "web.apps.localhost", path: "", weight: 100 }],
    });
    const pidFile = `${node.config.stateDir}/edge/haproxy.pid`;
    const pid = await readFile(pidFile, "utf8");
    await node.stop();
    expect((await get(EDGE_PORT, "web.apps.localhost")).status).toBe(200);
    expect((await get(80, "web", VIP)).status).toBe(200);
    await node.start();
    expect((await get(EDGE_PORT, "web.apps.localhost")).status).toBe(200);
    expect(await readFile(pidFile, "utf8")).toBe(pid);
  }, 60_000);

  it("takes the longest path at the edge, and whole words of it only", async () => {
    const route = (path: string) => [{ name: "r", host: "paths.apps.localhost", path, weight: 100 }];
    const copies = "for dir in shop shopping; do mkdir -p /www/$dir; cp /www/index.html /www/$dir/; done";
    for (const uid of ["a", "late"]) expect((await inPod(uid, "sh", "-c", copies)).exitCode).toBe(0);
    await node.endpoints({ service: "root", endpoints: [endpoint("a")], routes: route("") });
    await node.endpoints({ service: "shop", endpoints: [endpoint("late")], routes: route("/shop") });
    const body = async (path: string) => (await get(EDGE_PORT, "Paths.apps.localhost:8080", "127.0.0.1", path)).body;
    await eventually(async () => (await body("/")) === "pod-a" || undefined);
    await eventually(async () => (await body("/shop/index.html")) === "pod-late" || undefined);
    expect(await body("/shop/")).toBe("pod-late");
    expect(await body("/shopping/index.html")).toBe("pod-a");
    expect(await body("/index.html")).toBe("pod-a");
  }, 30_000);

  it("probes containers, kills what does not live and shows only what is ready", async () => {
    const probe = { periodSeconds: 1, failureThreshold: 1 };
    const [container] = web().containers ?? [];
    await node.assign("probed", {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          ...container,
          readinessProbe: { ...probe, httpGet: { port: 8080, path: "/index.html" } },
          livenessProbe: { ...probe, exec: { command: ["ls", "/www/index.html"] }, initialDelaySeconds: 2 },
        },
      ],
    });
    await ready("probed");
    await inPod("probed", "mv", "/www/index.html", "/www/gone");
    await eventually(() => types("probed").includes("ContainerNotReady") || undefined, 10_000);
    const exit = await eventually(() => node.events("probed").find(({ type }) => type === "ContainerExited"), 10_000);
    expect(exit.data).toMatchObject({ reason: "LivenessProbeFailed" });
    await eventually(
      () => types("probed").filter((type) => type === "ContainerReady").length === 2 || undefined,
      10_000,
    );
  }, 40_000);

  it("gives a pod memory as a volume, and takes it back with the pod", async () => {
    const mounts = [{ name: "fast", mountPath: "/fast" }];
    await node.assign("mem", {
      volumes: [{ name: "fast", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } }],
      containers: [{ ...web().containers?.[0], volumeMounts: mounts }],
    });
    await ready("mem");
    expect((await inPod("mem", "cat", "/proc/mounts")).output).toMatch(/tmpfs \/fast tmpfs .*size=1024k/);
    await node.assign("mem", web(), { gracePeriodSeconds: 0, at: new Date().toISOString(), reason: "Deleted" });
    await eventually(() => types("mem").includes("PodStopped") || undefined, 10_000);
    expect(await readFile("/proc/mounts", "utf8")).not.toContain(node.config.stateDir);
  }, 30_000);

  it("ships what containers write and answers for it", async () => {
    const script = "i=0; while true; do echo line $i; i=$((i+1)); sleep 1; done";
    await node.assign("talk", { containers: [{ name: "web", image: node.image, command: ["sh", "-c", script] }] });
    await ready("talk");
    const kept = await eventually(async () => {
      const lines: string[] = [];
      const key = { project: "demo", kind: "pod", name: "pod-talk" };
      for await (const chunk of node.bus.logs.read(key, { signal: AbortSignal.timeout(2_000) })) {
        lines.push(...chunk.lines.map(({ text }) => text));
      }
      return lines.length > 0 ? lines : undefined;
    }, 10_000);
    expect(kept[0]).toBe("line 0");
    const asked: string[] = [];
    const stop = new AbortController();
    const question = { uid: "talk", follow: true };
    for await (const answer of node.bus.requests.call("n1", "logs", question, { signal: stop.signal })) {
      asked.push(...(answer as { lines: { text: string }[] }).lines.map(({ text }) => text));
      if (asked.length >= 3) stop.abort();
    }
    expect(asked.slice(0, 3)).toEqual(["line 0", "line 1", "line 2"]);
  }, 30_000);

  it("leaves nothing of a pod that was deleted, and nothing at all after a purge", async () => {
    const gone = { gracePeriodSeconds: 0, at: new Date().toISOString(), reason: "Deleted" };
    await node.assign("two", web(), gone);
    await eventually(() => types("two").includes("PodStopped") || undefined, 10_000);
    expect(await labelled("two")).toEqual([]);
    await expect(readFile(`${node.config.stateDir}/pods/two/pod.json`)).rejects.toThrow("ENOENT");

    await node.stop();
    await node.purge();
    const left = { labels: { [LABEL.instance]: INSTANCE } };
    expect(await node.engine.containers.list({ ...left, all: true })).toEqual([]);
    expect(await node.engine.networks.list(left)).toEqual([]);
    expect((await runCommand("nft", ["list", "tables"])).output).not.toContain(INSTANCE);
    expect((await runCommand("iptables", ["-S"])).output).not.toContain(INSTANCE);
    expect((await runCommand("ip", ["route"])).output).not.toContain("10.247.0.0/16");
    await expect(get(EDGE_PORT, "web.apps.localhost")).rejects.toThrow("ECONNREFUSED");
    await expect(readFile(`${node.config.stateDir}/edge/haproxy.cfg`)).rejects.toThrow("ENOENT");
  }, 60_000);
});
