import { type GatewayHarness, manifest, startGatewayHarness } from "./testing/gateway-harness.ts";
import { project } from "./testing/objects.ts";
import { take } from "./testing/take.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
});
afterEach(() => harness.stop());

describe("access", () => {
  it.each([
    ["no token", undefined, /^The call carries no token/],
    ["a wrong token", "not-the-token-of-the-owner", /^The token is not valid here/],
  ])("is refused for every call with %s, and nothing is stored", async (_what, token, message) => {
    const { resources, pods, builds, events } = harness.as(token);
    const calls = [
      resources.apply({ manifests: [manifest(project())] }),
      resources.get({ key: { kind: "Project", name: "demo" } }),
      resources.list({ kind: "Project" }),
      take(resources.watch({ kind: "Project" }), 1),
      resources.delete({ kind: "Project" }),
      resources.scale({}),
      resources.kinds({}),
      resources.status({}),
      take(pods.logs({ project: "demo", name: "a" }), 1),
      builds.start({ project: "demo", buildConfig: "a" }),
      builds.cancel({ project: "demo", name: "a" }),
      take(builds.logs({ project: "demo", name: "a" }), 1),
      take(events.subscribe({ fromPosition: 1n }), 1),
      events.history({ key: { kind: "Project", name: "demo" } }),
    ];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({ code: "Unauthenticated", message: expect.stringMatching(message) });
    }
    expect(await harness.log.head()).toBe(0);
  });

  it("is refused to a message over the limit, and the gateway goes on", async () => {
    const content = " ".repeat(5 * 1_048_576);
    await expect(harness.resources.apply({ manifests: [{ name: "big", content }] })).rejects.toMatchObject({
      code: "TooLarge",
    });
    expect(await harness.log.head()).toBe(0);
    await harness.apply(project());
    expect(await harness.log.head()).toBe(1);
  });
});
