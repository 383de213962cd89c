import { newId, SlipwayError } from "@slipway/kernel";
import type { PodCreatedJson } from "@slipway/proto";
import { eventually } from "@slipway/testkit";
import { REPEAT_KEY } from "../caller.ts";
import { type GatewayHarness, manifest, startGatewayHarness } from "../testing/gateway-harness.ts";
import { pod, project } from "../testing/objects.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;

let harness: GatewayHarness;
let uid = "";
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project());
  const request = { project: "demo", manifests: [manifest(pod("web"))] };
  const { results } = await harness.resources.apply(request, { metadata: { [REPEAT_KEY]: "the-story" } });
  uid = results[0]?.resource?.kind.value?.metadata?.uid ?? "";
  await harness.append("pod/demo/web", { type: "PodScheduled", data: { uid, node: "n1" } });
});
afterEach(() => harness.stop());

const seen = () => harness.log.readStream("pod-status/demo/web");
const sandbox = (id = newId()) => ({ id, type: "PodSandboxStarted", data: { uid, sandboxId: "s1", at: at(1) } });
const started = (id = newId()) => ({
  id,
  type: "ContainerStarted",
  data: { uid, container: "web", containerID: "c1", at: at(2) },
});
const report = (node: string, events: readonly { id: string }[], data: object = {}) =>
  harness.bus.reports.publish(node, "pod", { project: "demo", name: "web", uid, events, ...data }, newId());
/** Resolves when everything that was reported before is through. */
const through = async () => {
  const name = `n-${newId()}`;
  await harness.bus.reports.publish(name, "node", { node: { metadata: { name } } }, newId());
  await eventually(async () => (await harness.log.readStream(`node/_/${name}`)).length > 0 || undefined);
};

describe("reports of a node about a pod", () => {
  it("come into the log under the node's name, with their own ids and the story of the pod", async () => {
    const node = { metadata: { name: "n1", uid: "n1" } };
    await harness.append("node/_/n1", { type: "NodeRegistered", data: { node } });
    const event = sandbox();
    await report("n1", [event, started()]);
    await eventually(async () => (await seen()).length === 2 || undefined);
    expect((await seen())[0]).toMatchObject({
      ...event,
      meta: { actor: "node:n1", correlation: "the-story" },
    });
    const { resource } = await harness.resources.get({ key: { kind: "Pod", project: "demo", name: "web" } });
    expect(resource?.kind.case === "pod" && resource.kind.value.status?.phase).toBe("Running");
  });

  it("say nothing new when they come again, alone or with others", async () => {
    const [first, second] = [sandbox(), started()];
    await report("n1", [first]);
    await report("n1", [first, second]);
    await report("n1", [second]);
    await report("n1", [sandbox(), started()]);
    await eventually(async () => (await seen()).length === 2 || undefined);
    await through();
    expect((await seen()).map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it("are dropped when the pod is another node's, is nobody's or never was", async () => {
    await report("n2", [sandbox()]);
    await harness.apply(pod("unplaced"));
    const event = { id: newId(), type: "PodStopped", data: { uid, at: at(1) } };
    await report("n1", [event], { name: "unplaced" });
    await report("n1", [event], { name: "never" });
    await report("n1", [event], { uid: "another" });
    await through();
    for (const name of ["web", "unplaced", "never"]) {
      expect(await harness.log.readStream(`pod-status/demo/${name}`)).toEqual([]);
    }
  });

  it("may be the last word about a pod that is gone, but not about one whose name another has", async () => {
    await report("n1", [sandbox()]);
    await eventually(async () => (await seen()).length === 1 || undefined);
    await harness.append("pod/demo/web", { type: "PodDeleted", data: { uid, reason: "NodeLost" } });
    await report("n1", [{ id: newId(), type: "PodSandboxLost", data: { uid, at: at(3) } } as never]);
    await eventually(async () => (await seen()).length === 2 || undefined);
    await harness.apply(pod("web"));
    await report("n1", [{ id: newId(), type: "PodStopped", data: { uid, at: at(4) } } as never]);
    await through();
    expect(await seen()).toHaveLength(2);
  });

  it("that make no sense are dropped and hold up nothing", async () => {
    for (const data of [null, "words", {}, { project: "demo" }, { project: "demo", name: "web", uid, events: [7] }]) {
      await harness.bus.reports.publish("n1", "pod", data, newId());
    }
    await harness.bus.reports.publish("n1", "gossip", {}, newId());
    await report("n1", [{ id: "no-uuid", type: "PodStopped", data: { uid, at: at(1) } } as never]);
    await report("n1", [{ id: newId(), type: "PodCreated", data: { uid, pod: {} } } as never]);
    await report("n1", [sandbox()]);
    await eventually(async () => (await seen()).length === 1 || undefined);
    expect(await seen()).toMatchObject([{ type: "PodSandboxStarted" }]);
  });

  it("wait while the log is away and are not lost", async () => {
    await harness.stop();
    let away = false;
    let refused = 0;
    harness = await startGatewayHarness({
      before: (operation) => {
        if (!away || operation !== "append") return;
        refused++;
        throw new SlipwayError("LogUnavailable", "The log is away: try again.");
      },
    });
    await harness.apply(project(), pod("web"));
    const [created] = await harness.log.readStream("pod/demo/web");
    uid = (created?.data as PodCreatedJson | undefined)?.pod?.metadata?.uid ?? "";
    await harness.append("pod/demo/web", { type: "PodScheduled", data: { uid, node: "n1" } });
    away = true;
    await report("n1", [sandbox()]);
    await eventually(() => refused > 0 || undefined);
    expect(await seen()).toEqual([]);
    away = false;
    await eventually(async () => (await seen()).length === 1 || undefined);
  });
});

describe("reports of a node about itself", () => {
  const tell = (node: string, data: object) => harness.bus.reports.publish(node, "node", data, newId());
  const stored = (name: string) => harness.log.readStream(`node/_/${name}`);

  it("register it, with an identity that stays", async () => {
    const node = { metadata: { name: "n1" }, status: { capacity: { cpu: "2" } } };
    await tell("n1", { node });
    await eventually(async () => (await stored("n1")).length === 1 || undefined);
    await tell("n1", { node });
    await tell("n1", { node: { ...node, status: { capacity: { cpu: "4" } } } });
    await eventually(async () => (await stored("n1")).length === 2 || undefined);
    const nodes = (await stored("n1")).map(({ data }) => (data as { node: { metadata: { uid: string } } }).node);
    expect(nodes[0]?.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(nodes[1]?.metadata.uid).toBe(nodes[0]?.metadata.uid);
  });

  it("are dropped when they are about another node", async () => {
    await tell("n1", { node: { metadata: { name: "n2" } } });
    await tell("n1", { node: {} });
    await through();
    expect([...(await stored("n1")), ...(await stored("n2"))]).toEqual([]);
  });
});
