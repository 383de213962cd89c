import { type Clock, systemClock } from "@slipway/kernel";
import { type GatewayHarness, manifest, startGatewayHarness } from "./testing/gateway-harness.ts";
import { buildConfig, controller, project } from "./testing/objects.ts";

/** Everything that waits for an answer gives up twenty times sooner. */
const hasty: Clock = { now: Date.now, schedule: (delayMs, run) => systemClock.schedule(delayMs / 20, run) };

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness({ clock: hasty, patienceMs: 2_000 });
  await harness.apply(project(), buildConfig("web"));
  harness.bus.partition("");
});
afterEach(async () => {
  harness.bus.heal("");
  await harness.stop();
});

describe("while the bus is away", () => {
  it("wishes are taken in and answered with what they will become", async () => {
    const head = await harness.log.head();
    const { results, position } = await harness.apply(controller("web", 3));
    expect(position).toBe(BigInt(head + 1));
    expect(results).toMatchObject([{ action: "created" }]);
    const made = results[0]?.resource?.kind;
    expect(made?.case === "replicationController" && made.value.spec?.replicas).toBe(3);
    const { build } = await harness.builds.start({ project: "demo", buildConfig: "web" });
    expect(build?.metadata?.name).toBe("web-1");
  });

  it("a wish on what the gateway has not heard of is a conflict, and is granted once the bus is back", async () => {
    await harness.apply(controller("web", 3));
    const again = () => harness.resources.apply({ project: "demo", manifests: [manifest(controller("web", 4))] });
    await expect(again()).rejects.toMatchObject({ code: "VersionConflict" });
    harness.bus.heal("");
    const { position } = await harness.resources.list({
      kind: "rc",
      atLeastPosition: BigInt(await harness.log.head()),
    });
    expect(position).toBe(BigInt(await harness.log.head()));
    expect((await again()).results).toMatchObject([{ action: "configured" }]);
  });

  it("reads go on with what is known, and the status says why", async () => {
    const { resources } = await harness.resources.list({ kind: "bc" });
    expect(resources).toHaveLength(1);
    await harness.apply(controller("web", 3));
    const { parts, head } = await harness.resources.status({});
    expect(parts).toContainEqual(expect.objectContaining({ name: "bus", healthy: false }));
    expect(parts).toContainEqual(expect.objectContaining({ name: "read model", lag: 1n }));
    expect(head).toBe(BigInt(await harness.log.head()));
  });
});
