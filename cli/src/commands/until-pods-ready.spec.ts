import type { JsonObject } from "@bufbuild/protobuf";
import { openSession, type Session } from "../client/session.ts";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { pod } from "../testing/objects.ts";
import { untilPodsReady } from "./until-pods-ready.ts";

let api: FakeApi;
let session: Session;
afterEach(async () => {
  session.close();
  await api.stop();
});

const container = (more: JsonObject): JsonObject => ({
  phase: "Running",
  containerStatuses: [{ name: "web", ...more }],
});
const ready = undefined;
const starting: JsonObject = { phase: "Pending" };

/** Pods go through these states, one after the other, and then stay as they are. */
const watching = async (states: [name: string, status: JsonObject | undefined][], timeoutMs = 10_000) => {
  api = await startFakeApi({
    resources: {
      watch: async function* (_request, { signal }) {
        for (const [name, status] of states) yield { type: "MODIFIED", resource: pod(name, status) };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    },
    pods: {
      logs: async function* () {
        yield { container: "web", lines: [{ text: "Error: no database" }] };
      },
    },
  });
  session = openSession({ server: api.server, token: api.token, project: "demo" });
  const said: string[] = [];
  const wanted = { labelSelector: "app=web", count: 2, port: 8080, timeoutMs };
  const waiting = untilPodsReady(session, wanted, new AbortController().signal, (text) => said.push(text));
  return { waiting, said };
};

describe("waiting for pods", () => {
  it("ends when as many as wanted are ready, and tells how far they are", async () => {
    const { waiting, said } = await watching([
      ["a", starting],
      ["b", starting],
      ["a", ready],
      ["b", container({ state: { running: {} } })],
      ["b", ready],
    ]);
    await waiting;
    expect(said).toEqual([
      "0 of 2 ready (ContainerCreating)",
      "0 of 2 ready (ContainerCreating)",
      "1 of 2 ready (ContainerCreating)",
      "1 of 2 ready (Running)",
      "2 of 2 ready",
    ]);
  });

  it("ends with a crashing pod's reason and last words", async () => {
    const crash = (restartCount: number) =>
      container({ restartCount, state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 20 s" } } });
    const { waiting } = await watching([
      ["a", crash(1)],
      ["a", crash(2)],
    ]);
    await expect(waiting).rejects.toMatchObject({
      code: "FailedPrecondition",
      message:
        'Pod "a" does not stay up (CrashLoopBackOff: back-off 20 s): look at `slipway describe pod/a`.\nError: no database',
    });
  });

  it("asks after the port of a pod that runs and is not ready in time", async () => {
    const { waiting } = await watching([["a", container({ state: { running: {} } })]], 200);
    await expect(waiting).rejects.toMatchObject({
      code: "DeadlineExceeded",
      message: expect.stringMatching(/^Pod "a" is not ready within 0 s; does it listen on port 8080\? \(Running\)/),
    });
  });

  it("says why a pod finds no place in time", async () => {
    const message = "0/1 nodes are available: 1 Insufficient cpu.";
    const unschedulable = { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] };
    const { waiting } = await watching([["a", unschedulable]], 200);
    await expect(waiting).rejects.toMatchObject({
      code: "DeadlineExceeded",
      message: expect.stringContaining(message),
    });
  });

  it("says when no pods were made at all", async () => {
    const { waiting } = await watching([], 200);
    await expect(waiting).rejects.toMatchObject({ message: "Only 0 of 2 pods were made within 0 s." });
  });
});
