import { delay, seededRandom } from "@slipway/kernel";
import { type GatewayHarness, manifest, startGatewayHarness } from "../testing/gateway-harness.ts";
import { controller, project } from "../testing/objects.ts";

/** Between a decision and its append others have the time to be faster. */
const random = seededRandom(3);
const slowly = async (operation: "append" | "read"): Promise<void> => {
  if (operation === "append") await delay(random() * 8);
};

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness({ before: slowly });
  await harness.apply(project(), controller("web", 0));
});
afterEach(() => harness.stop());

const labelled = (labels: object) => ({ ...controller("web", 0), metadata: { name: "web", labels } });

describe("two gateways", () => {
  it("lose no update of one object when both change it at once", async () => {
    const other = await harness.addGateway({ seed: 2, before: slowly });
    const labelsOf = async () => {
      const { resource } = await harness.resources.get({ key: { kind: "rc", project: "demo", name: "web" } });
      return resource?.kind.case === "replicationController" ? resource.kind.value.metadata?.labels : undefined;
    };
    // Each reads, adds a label of its own, and writes only if nobody wrote since: none may be lost.
    const addLabel = async ({ resources }: Pick<GatewayHarness, "resources">, label: string): Promise<void> => {
      for (;;) {
        const { resource, position } = await resources.get({ key: { kind: "rc", project: "demo", name: "web" } });
        if (resource?.kind.case !== "replicationController") throw new Error("not there");
        const labels = { ...resource.kind.value.metadata?.labels, [label]: "yes" };
        const request = { project: "demo", manifests: [manifest(labelled(labels))], unchangedSince: position };
        const stored = await resources.apply(request).then(
          () => true,
          (error: { code: string }) => {
            if (error.code === "FailedPrecondition") return false;
            throw error;
          },
        );
        if (stored) return;
      }
    };
    const labels = Array.from({ length: 12 }, (_, i) => `l${i}`);
    await Promise.all(labels.map((label, i) => addLabel(i % 2 === 0 ? harness : other, label)));
    const { position } = await other.resources.list({ kind: "rc" });
    await harness.resources.list({ kind: "rc", atLeastPosition: position });
    expect(Object.keys((await labelsOf()) ?? {}).sort()).toEqual(["app", ...labels].sort());
  });

  it("make one object once when both create it", async () => {
    const other = await harness.addGateway({ seed: 2, before: slowly });
    const create = ({ resources }: Pick<GatewayHarness, "resources">) =>
      resources
        .apply({ project: "demo", manifests: [manifest(controller("new"))], createOnly: true })
        .then(() => "created")
        .catch(({ code }: { code: string }) => code);
    const outcomes = await Promise.all([create(harness), create(other), create(harness), create(other)]);
    expect(outcomes.sort()).toEqual(["AlreadyExists", "AlreadyExists", "AlreadyExists", "created"]);
    expect(await harness.log.readStream("replicationcontroller/demo/new")).toHaveLength(1);
  });

  it("tell the caller of a conflict that does not end", async () => {
    const store = harness.log;
    let version = 0;
    // Before each append of the new gateway somebody else writes to the same stream.
    const unlucky = await harness.addGateway({
      before: async (operation) => {
        if (operation !== "append") return;
        version++;
        const data = { uid: "unknown", replicas: version };
        await store.append(
          [
            {
              stream: "replicationcontroller/demo/web",
              expected: "any",
              events: [{ id: crypto.randomUUID(), type: "ReplicationControllerScaled", data }],
            },
          ],
          { actor: "test" },
        );
      },
    });
    await expect(
      unlucky.resources.scale({ key: { kind: "rc", project: "demo", name: "web" }, replicas: 100 }),
    ).rejects.toMatchObject({ code: "VersionConflict" });
    expect(version).toBe(10);
  });
});
