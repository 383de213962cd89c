import { type GatewayHarness, manifest, startGatewayHarness, type TestGateway } from "../testing/gateway-harness.ts";
import { project, service } from "../testing/objects.ts";

let harness: GatewayHarness;
afterEach(() => harness.stop());

const start = async (serviceCidr = "10.96.0.0/16") => {
  harness = await startGatewayHarness({ serviceCidr });
  await harness.apply(project());
};

const addresses = async (): Promise<string[]> => {
  const { resources } = await harness.resources.list({ kind: "Service", project: "demo" });
  return resources.flatMap(({ kind }) => (kind.case === "service" ? (kind.value.spec?.clusterIp ?? "") : []));
};

describe("the address of a service", () => {
  it("is chosen from the range, or taken as asked, or left out for a headless one", async () => {
    await start("10.1.0.0/28");
    await harness.apply(service("a"), service("b", { clusterIP: "10.1.0.7" }), service("c", { clusterIP: "None" }));
    const [a, b, c] = await addresses();
    expect(a).toMatch(/^10\.1\.0\.([1-9]|1[0-4])$/);
    expect([b, c]).toEqual(["10.1.0.7", "None"]);
  });

  it("stays when the service is applied again, with or without it", async () => {
    await start();
    await harness.apply(service("web"));
    const [address = ""] = await addresses();
    await harness.apply(service("web", { ports: [{ port: 81 }] }));
    await harness.apply(service("web", { ports: [{ port: 82 }], clusterIP: address }));
    expect(await addresses()).toEqual([address]);
    await expect(harness.apply(service("web", { clusterIP: "10.96.9.9" }))).rejects.toMatchObject({
      code: "Immutable",
      problems: [{ path: "Service/web: spec.clusterIP" }],
    });
  });

  it("must lie in the range and be nobody else's", async () => {
    await start();
    await harness.apply(service("a", { clusterIP: "10.96.0.10" }));
    const head = await harness.log.head();
    const refused = { code: expect.stringMatching(/Invalid|FailedPrecondition/) };
    for (const clusterIP of ["10.97.0.1", "10.96.0.0", "10.96.255.255", "10.96.0.10"]) {
      await expect(harness.apply(service("b", { clusterIP }))).rejects.toMatchObject({
        ...refused,
        problems: [{ path: "Service/b: spec.clusterIP" }],
      });
    }
    const twice = { clusterIP: "10.96.0.11" };
    await expect(harness.apply(service("b", twice), service("c", twice))).rejects.toMatchObject(refused);
    expect(await harness.log.head()).toBe(head);
  });

  it("is free again as soon as the service is deleted", async () => {
    await start("10.1.0.0/30");
    await harness.apply(service("a"), service("b"));
    await expect(harness.apply(service("c"))).rejects.toMatchObject({
      code: "FailedPrecondition",
      message: expect.stringContaining("no free service address"),
    });
    await harness.resources.delete({ keys: [{ kind: "Service", project: "demo", name: "a" }] });
    await harness.apply(service("c"));
    expect(new Set(await addresses())).toEqual(new Set(["10.1.0.1", "10.1.0.2"]));
  });

  it("is held by one service only, however many gateways choose at once", async () => {
    await start("10.1.0.0/26");
    // The same seed: both begin to look at the same places.
    const other = await harness.addGateway({ serviceCidr: "10.1.0.0/26" });
    const apply = ({ resources }: TestGateway, name: string) =>
      resources.apply({ project: "demo", manifests: [manifest(service(name))] });
    const calls = Array.from({ length: 60 }, (_, i) => apply(i % 2 === 0 ? harness : other, `s${i}`));
    await Promise.all(calls);
    const held = await addresses();
    expect(held).toHaveLength(60);
    expect(new Set(held).size).toBe(60);
  });
});
