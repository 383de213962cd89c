import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { controller, project, service } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project(), controller("web", 2));
});
afterEach(() => harness.stop());

const scale = (replicas: number, more: { currentReplicas?: number; kind?: string; name?: string } = {}) =>
  harness.resources.scale({
    key: { kind: more.kind ?? "rc", project: "demo", name: more.name ?? "web" },
    replicas,
    ...(more.currentReplicas === undefined ? {} : { currentReplicas: more.currentReplicas }),
  });

describe("Scale", () => {
  it("sets the number, also to none, and stores nothing when it is so already", async () => {
    const { resource, position } = await scale(0);
    expect(resource?.kind.case === "replicationController" && resource.kind.value.spec?.replicas).toBe(0);
    expect((await scale(0)).position).toBe(position);
  });

  it("refuses when the number is another one than the caller believes", async () => {
    await expect(scale(5, { currentReplicas: 3 })).rejects.toMatchObject({ code: "FailedPrecondition" });
    await scale(5, { currentReplicas: 2 });
  });

  it("refuses numbers below none, kinds that have no number, and what is not there", async () => {
    await expect(scale(-1)).rejects.toMatchObject({ code: "Invalid" });
    await harness.apply(service("web"));
    await expect(scale(1, { kind: "Service" })).rejects.toMatchObject({ code: "Invalid" });
    await expect(scale(1, { name: "missing" })).rejects.toMatchObject({ code: "NotFound" });
  });
});
