import type { PodCreatedJson } from "@slipway/proto";
import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { buildConfig, controller, pod, project, route, service } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project());
});
afterEach(() => harness.stop());

const key = (kind: string, name: string) => ({ kind, name, project: kind === "Project" ? "" : "demo" });
const typesIn = async (stream: string) => (await harness.log.readStream(stream)).map(({ type }) => type);
const ownedPod = async (name: string, owner: string) => {
  const { resource } = await harness.resources.get({ key: key("rc", owner) });
  const uid = resource?.kind.case === "replicationController" ? (resource.kind.value.metadata?.uid ?? "") : "";
  const reference = { apiVersion: "v1", kind: "ReplicationController", name: owner, uid, controller: true };
  await harness.append(`pod/demo/${name}`, {
    type: "PodCreated",
    data: { pod: { metadata: { name, namespace: "demo", uid: name, ownerReferences: [reference] } } },
  });
};

describe("Delete", () => {
  it("ends objects of many kinds in one append, or none of them", async () => {
    await harness.apply(service("web"), route("web"), controller("web"), buildConfig("web"), pod("web"));
    const keys = ["Service", "Route", "rc", "bc", "po"].map((kind) => key(kind, "web"));
    const head = await harness.log.head();
    await expect(harness.resources.delete({ keys: [...keys, key("Pod", "missing")] })).rejects.toMatchObject({
      code: "NotFound",
      message: 'pods "missing" not found in project "demo".',
    });
    expect(await harness.log.head()).toBe(head);
    const { deleted, position } = await harness.resources.delete({ keys });
    expect(deleted).toHaveLength(5);
    expect(position).toBe(BigInt(head + 6));
    for (const kind of ["Service", "Route", "ReplicationController", "BuildConfig", "Pod"]) {
      expect((await harness.resources.list({ kind, project: "demo" })).resources).toEqual([]);
    }
  });

  it("is content with what is not there, when asked to be", async () => {
    const request = { keys: [key("Pod", "missing")], ignoreNotFound: true };
    expect(await harness.resources.delete(request)).toMatchObject({ deleted: [] });
  });

  it("chooses by label within a project", async () => {
    await harness.apply(pod("a"), pod("b", { labels: { app: "a" } }), pod("c"));
    const { deleted } = await harness.resources.delete({ kind: "Pod", project: "demo", labelSelector: "app=a" });
    expect(deleted.map(({ name }) => name)).toEqual(["a", "b"]);
    await expect(harness.resources.delete({ kind: "Pod", labelSelector: "app=a" })).rejects.toMatchObject({
      code: "Invalid",
    });
  });

  it("names an object once, however often the call does", async () => {
    await harness.apply(pod("a"));
    const { deleted } = await harness.resources.delete({ keys: [key("Pod", "a"), key("pods", "a")] });
    expect(deleted).toHaveLength(1);
  });

  it("gives a pod on a node its grace, or the one that the call names", async () => {
    await harness.apply(pod("a"), pod("b"));
    for (const name of ["a", "b"]) {
      const [created] = await harness.log.readStream(`pod/demo/${name}`);
      const uid = (created?.data as PodCreatedJson | undefined)?.pod?.metadata?.uid ?? "";
      await harness.append(`pod/demo/${name}`, { type: "PodScheduled", data: { uid, node: "n1" } });
    }
    await harness.resources.delete({ keys: [key("Pod", "a")] });
    await harness.resources.delete({ keys: [key("Pod", "b")], gracePeriodSeconds: 0 });
    const graceOf = async (name: string) => (await harness.log.readStream(`pod/demo/${name}`)).at(-1);
    expect(await graceOf("a")).toMatchObject({
      type: "PodDeletionRequested",
      data: { gracePeriodSeconds: 30, reason: "Deleted" },
    });
    expect(await graceOf("b")).toMatchObject({ data: { gracePeriodSeconds: 0 } });
  });

  it("leaves the pods of a controller to garbage collection, or without an owner when asked", async () => {
    await harness.apply(controller("a"), controller("b"));
    await ownedPod("a-1", "a");
    await ownedPod("b-1", "b");
    await ownedPod("b-2", "b");
    await harness.resources.delete({ keys: [key("rc", "a")] });
    expect(await typesIn("pod/demo/a-1")).toEqual(["PodCreated"]);
    const head = await harness.log.head();
    const { position } = await harness.resources.delete({ keys: [key("rc", "b"), key("Pod", "b-2")], orphan: true });
    expect(position).toBe(BigInt(head + 3));
    expect(await typesIn("pod/demo/b-1")).toEqual(["PodCreated", "PodReleased"]);
    expect(await typesIn("pod/demo/b-2")).toEqual(["PodCreated", "PodDeleted"]);
    await harness.apply(buildConfig("web"));
    await expect(harness.resources.delete({ keys: [key("bc", "web")], orphan: true })).rejects.toMatchObject({
      code: "NotSupportedYet",
    });
  });

  it("begins the end of a project, once", async () => {
    await harness.resources.delete({ keys: [key("Project", "demo")] });
    await harness.resources.delete({ keys: [key("Project", "demo")] });
    expect(await typesIn("project/_/demo")).toEqual(["ProjectCreated", "ProjectTerminating"]);
    const { resource } = await harness.resources.get({ key: key("Project", "demo") });
    expect(resource?.kind.case === "project" && resource.kind.value.status?.phase).toBe("Terminating");
  });

  it("does not delete what is derived", async () => {
    await harness.apply(service("web"));
    await expect(harness.resources.delete({ keys: [key("Endpoints", "web")] })).rejects.toMatchObject({
      code: "Invalid",
    });
  });
});
