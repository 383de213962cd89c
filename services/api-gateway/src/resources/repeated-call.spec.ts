import { REPEAT_KEY } from "../caller.ts";
import { type GatewayHarness, manifest, startGatewayHarness } from "../testing/gateway-harness.ts";
import { buildConfig, controller, pod, project } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project());
});
afterEach(() => harness.stop());

const key = (value: string) => ({ metadata: { [REPEAT_KEY]: value } });

describe("a call that is repeated under one request id", () => {
  it("creates an object with a made-up name once", async () => {
    const object = { ...pod("x"), metadata: { generateName: "job-" } };
    const call = (id: string) =>
      harness.resources.apply({ project: "demo", manifests: [manifest(object)], createOnly: true }, key(id));
    const first = await call("a");
    const head = await harness.log.head();
    const second = await call("a");
    expect(second.results[0]?.key).toEqual(first.results[0]?.key);
    expect(await harness.log.head()).toBe(head);
    expect((await call("b")).results[0]?.key).not.toEqual(first.results[0]?.key);
  });

  it("does not undo what happened between", async () => {
    await harness.apply(controller("web", 1));
    const scale = (replicas: number, id: string) =>
      harness.resources.scale({ key: { kind: "rc", project: "demo", name: "web" }, replicas }, key(id));
    await scale(3, "a");
    await scale(5, "b");
    const head = await harness.log.head();
    const { resource } = await scale(3, "a");
    expect(resource?.kind.case === "replicationController" && resource.kind.value.spec?.replicas).toBe(5);
    expect(await harness.log.head()).toBe(head);
  });

  it("does not apply a part of itself that somebody took back", async () => {
    const call = () =>
      harness.resources.apply({ project: "demo", manifests: [manifest(pod("a")), manifest(pod("b"))] }, key("a"));
    await call();
    await harness.resources.delete({ keys: [{ kind: "Pod", project: "demo", name: "b" }] });
    await call();
    await expect(harness.resources.get({ key: { kind: "Pod", project: "demo", name: "b" } })).rejects.toMatchObject({
      code: "NotFound",
    });
  });

  it("starts one build and answers it again", async () => {
    await harness.apply(buildConfig("web"));
    const start = (id: string) => harness.builds.start({ project: "demo", buildConfig: "web" }, key(id));
    expect((await start("a")).build?.metadata?.name).toBe("web-1");
    expect((await start("a")).build?.metadata?.name).toBe("web-1");
    expect((await start("b")).build?.metadata?.name).toBe("web-2");
    expect((await start("a")).build?.metadata?.name).toBe("web-1");
  });

  it("reaches the log once also when two gateways get it at the same moment", async () => {
    const other = await harness.addGateway({ seed: 2 });
    const request = { project: "demo", manifests: [manifest({ ...pod("x"), metadata: { generateName: "job-" } })] };
    await Promise.all([harness, other, harness].map(({ resources }) => resources.apply(request, key("a"))));
    const { resources } = await harness.resources.list({ kind: "Pod", project: "demo" });
    expect(resources).toHaveLength(1);
  });

  it("must have an id that can be kept", async () => {
    await expect(harness.resources.apply({ manifests: [] }, key("x".repeat(129)))).rejects.toMatchObject({
      code: "Invalid",
    });
  });
});
