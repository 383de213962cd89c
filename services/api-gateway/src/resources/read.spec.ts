import { type GatewayHarness, manifest, startGatewayHarness } from "../testing/gateway-harness.ts";
import { pod, project, service } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project(), project("other"), pod("a"), pod("b", { labels: { app: "b", tier: "front" } }));
});
afterEach(() => harness.stop());

const names = ({ resources }: { resources: readonly { kind: { value?: { metadata?: { name: string } } } }[] }) =>
  resources.map(({ kind }) => kind.value?.metadata?.name);

describe("Get and List", () => {
  it("answer objects with their derived status, by any name of their kind", async () => {
    for (const kind of ["Pod", "pods", "po"]) {
      const { resource } = await harness.resources.get({ key: { kind, project: "demo", name: "a" } });
      expect(resource?.kind.case === "pod" && resource.kind.value.status?.phase).toBe("Pending");
    }
    const { position } = await harness.apply(service("a"));
    const endpoints = await harness.resources.get({ key: { kind: "ep", project: "demo", name: "a" } });
    expect(endpoints.resource?.kind.case).toBe("endpoints");
    expect(endpoints.position).toBe(position);
  });

  it("choose by project and by label", async () => {
    expect(names(await harness.resources.list({ kind: "Pod" }))).toEqual(["a", "b"]);
    expect(names(await harness.resources.list({ kind: "Pod", project: "other" }))).toEqual([]);
    expect(names(await harness.resources.list({ kind: "Pod", labelSelector: "tier in (front),app" }))).toEqual(["b"]);
    await expect(harness.resources.list({ kind: "Pod", labelSelector: "a in (" })).rejects.toMatchObject({
      code: "Invalid",
    });
    expect(names(await harness.resources.list({ kind: "Project" }))).toEqual(["demo", "other"]);
  });

  it("say what is not there", async () => {
    await expect(harness.resources.get({ key: { kind: "Pod", project: "demo", name: "x" } })).rejects.toMatchObject({
      code: "NotFound",
      message: 'pods "x" not found in project "demo".',
    });
    await expect(harness.resources.get({ key: { kind: "Pod", name: "x" } })).rejects.toMatchObject({ code: "Invalid" });
    for (const name of ["", "a/b", "../a", "a b", "__proto__", "x".repeat(300), "ä"]) {
      const key = { kind: "Pod", project: "demo", name };
      await expect(harness.resources.get({ key })).rejects.toMatchObject({ code: "NotFound" });
      await expect(harness.resources.delete({ keys: [key] })).rejects.toMatchObject({ class: "Refused" });
      await expect(harness.events.history({ key })).rejects.toMatchObject({ class: "Refused" });
    }
    await expect(harness.resources.list({ kind: "Gizmo" })).rejects.toMatchObject({ code: "UnknownKind" });
    await expect(harness.resources.list({})).rejects.toMatchObject({ code: "UnknownKind" });
  });

  it("wait for a position that another gateway answered", async () => {
    const other = await harness.addGateway();
    const { position } = await other.resources.apply({ project: "demo", manifests: [manifest(pod("c"))] });
    const answer = await harness.resources.get({
      key: { kind: "Pod", project: "demo", name: "c" },
      atLeastPosition: position,
    });
    expect(answer.position).toBeGreaterThanOrEqual(position);
  });

  it("refuse a position that the log does not reach", async () => {
    await expect(harness.resources.list({ kind: "Pod", atLeastPosition: 1_000n })).rejects.toMatchObject({
      code: "UnknownPosition",
      fields: { position: "1000", head: "4" },
    });
    await expect(
      harness.resources.get({ key: { kind: "Pod", project: "demo", name: "a" }, atLeastPosition: 2n ** 64n - 1n }),
    ).rejects.toMatchObject({ code: "UnknownPosition" });
  });
});

describe("Kinds and Status", () => {
  it("list what is served", async () => {
    const { kinds } = await harness.resources.kinds({});
    expect(kinds.find(({ kind }) => kind === "BuildConfig")).toMatchObject({
      plural: "buildconfigs",
      shortNames: ["bc"],
      namespaced: true,
    });
    expect(kinds).toHaveLength(10);
  });

  it("tell the head, and which part is well", async () => {
    const status = await harness.resources.status({});
    expect(status).toMatchObject({ version: "test", head: 4n });
    const part = (name: string) => status.parts.find((one) => one.name === name);
    expect(part("log")).toMatchObject({ healthy: true });
    expect(part("bus")).toMatchObject({ healthy: true });
    expect(part("read model")).toMatchObject({ healthy: true, lag: 0n });
    expect(part("nodes")).toMatchObject({ healthy: false, message: "0 of 0 ready" });
    const node = { metadata: { name: "n1", uid: "n1" } };
    const at = "2026-01-01T00:00:00Z";
    await harness.append("node/_/n1", { type: "NodeRegistered", data: { node } }, { type: "NodeReady", data: { at } });
    harness.bus.partition("");
    const later = await harness.resources.status({});
    expect(later.parts.find(({ name }) => name === "nodes")).toMatchObject({ healthy: true, message: "1 of 1 ready" });
    expect(later.parts.find(({ name }) => name === "bus")).toMatchObject({ healthy: false });
    harness.bus.heal("");
  });
});
