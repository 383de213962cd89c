import { seededRandom } from "@slipway/kernel";
import { mutateManifest } from "@slipway/testkit";
import { type GatewayHarness, startGatewayHarness } from "./testing/gateway-harness.ts";
import { buildConfig, controller, pod, project, route, service } from "./testing/objects.ts";

const VALID = [pod("web"), service("web"), controller("web"), route("web"), buildConfig("web"), project("other")];

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
  await harness.apply(project());
});
afterEach(() => harness.stop());

describe("200 malformed manifests", () => {
  it("are each refused with the path of what is wrong, and nothing is stored", async () => {
    // Each of the originals is well.
    await harness.resources.apply({
      project: "demo",
      manifests: VALID.map((object) => ({ name: "-", content: JSON.stringify(object) })),
      dryRun: true,
    });
    const head = await harness.log.head();
    const random = seededRandom(2_026);
    const codes = new Set<string>();
    for (let i = 0; i < 200; i++) {
      const { what, content } = mutateManifest(VALID[i % VALID.length] as Record<string, unknown>, random);
      const files = [
        { name: "good.yaml", content: JSON.stringify(service("good")) },
        { name: "bad.yaml", content },
      ];
      const outcome = await harness.resources.apply({ project: "demo", manifests: files }).catch((error) => error);
      expect({ what, content, outcome }).toMatchObject({
        outcome: {
          name: "SlipwayError",
          class: "Refused",
          problems: expect.arrayContaining([
            { path: expect.stringMatching(/^bad\.yaml: ?\S|^bad\.yaml:\d+:\d+/), message: expect.stringMatching(/./) },
          ]),
        },
      });
      codes.add(outcome.code);
    }
    expect(await harness.log.head()).toBe(head);
    expect([...codes].sort()).toEqual(["Invalid", "Malformed", "UnknownKind"]);
  });
});
