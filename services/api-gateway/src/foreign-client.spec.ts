import type { PodCreatedJson } from "@slipway/proto";
import { type ForeignClient, foreignClient } from "./testing/foreign-client.ts";
import { type GatewayHarness, startGatewayHarness, TOKEN } from "./testing/gateway-harness.ts";
import { pod, project } from "./testing/objects.ts";

let harness: GatewayHarness;
let client: ForeignClient;
const agent = new AbortController();
beforeEach(async () => {
  harness = await startGatewayHarness();
  client = await foreignClient(harness.address, TOKEN);
});
afterEach(async () => {
  agent.abort();
  client.close();
  await harness.stop();
});

describe("a client that is not ours and knows nothing but the address and the token", () => {
  it("applies, watches and follows logs", async () => {
    const manifests = [project(), pod("web")].map((object) => ({ name: "-", content: JSON.stringify(object) }));
    const watching = client.call(
      "Resources",
      "Watch",
      { kind: "Pod", project: "demo" },
      (answers) => answers.at(-1)?.type === "MODIFIED",
    );
    const [applied] = await client.call("Resources", "Apply", { project: "demo", manifests });
    expect(applied).toMatchObject({
      position: 2,
      results: [
        { action: "created", key: { kind: "Project" } },
        { action: "created", resource: { pod: { metadata: { name: "web" } } } },
      ],
    });
    const [created] = await harness.log.readStream("pod/demo/web");
    const uid = (created?.data as PodCreatedJson | undefined)?.pod?.metadata?.uid ?? "";
    const at = "2026-01-01T00:00:00Z";
    const container = { uid, container: "web", containerID: "c", at };
    await harness.append("pod/demo/web", { type: "PodScheduled", data: { uid, node: "n1" } });
    await harness.append("pod-status/demo/web", { type: "ContainerStarted", data: container });
    const watched = await watching;
    expect(watched.at(-1)).toMatchObject({ type: "MODIFIED", resource: { pod: { metadata: { name: "web" } } } });

    harness.bus.requests.serve(
      "n1",
      "logs",
      async function* () {
        for (const text of ["one", "two"]) yield { lines: [{ at, stream: "stdout", text }] };
      },
      agent.signal,
    );
    const chunks = await client.call("Pods", "Logs", { project: "demo", name: "web", follow: true });
    expect(chunks).toMatchObject([{ container: "web", lines: [{ text: "one" }] }, { lines: [{ text: "two" }] }]);
  });

  it("reads in the status what it did wrong", async () => {
    await expect(
      client.call("Resources", "Get", { key: { kind: "Pod", project: "demo", name: "web" } }),
    ).rejects.toMatchObject({ grpcStatus: 5, grpcMessage: 'pods "web" not found in project "demo".' });
  });
});
