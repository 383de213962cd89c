import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { type FakeApi, startFakeApi } from "../testing/fake-api.ts";
import { runCli } from "../testing/run-cli.ts";

const recordedAt = timestampFromDate(new Date("2026-03-01T12:00:00.123Z"));
const event = (position: number, type: string, data: Record<string, string | number> = {}) => ({
  position: BigInt(position),
  stream: "pod-status/demo/web-1",
  type,
  data,
  actor: "node:n1",
  recordedAt,
});

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi({
    resources: {
      status: async () => ({ head: 40n }),
      kinds: async () => ({
        kinds: [
          { kind: "Pod", plural: "pods", shortNames: ["po"] },
          { kind: "ReplicationController", plural: "replicationcontrollers", shortNames: ["rc"] },
        ],
      }),
    },
    events: {
      subscribe: async function* () {
        yield { events: [event(41, "ContainerStarted", { container: "web", restartCount: 0 })], position: 41n };
        yield { events: [event(42, "ContainerExited", { exitCode: 137, message: "killed\nby hand" })], position: 42n };
      },
      history: async () => ({ events: [event(7, "PodCreated")] }),
    },
  });
});
afterEach(() => api.stop());
const subscription = () => api.calls.find(([method]) => method === "events.subscribe")?.[1];

describe("events", () => {
  it("tells the log of all projects from the beginning, a line an event", async () => {
    const { code, out } = await runCli(["events"], { api });
    expect(code).toBe(0);
    expect(out).toBe(
      "    41  12:00:00.123  ContainerStarted         pod-status/demo/web-1  container=web restartCount=0  (node:n1)\n" +
        "    42  12:00:00.123  ContainerExited          pod-status/demo/web-1  message=killed exitCode=137  (node:n1)\n",
    );
    expect(subscription()).toEqual({ fromPosition: "1", untilHead: true });
  });

  it("follows from now on, or from a position", async () => {
    await runCli(["events", "-f"], { api });
    expect(subscription()).toEqual({ fromPosition: "41" });
    expect((await runCli(["events", "-f", "--from=0"], { api })).code).toBe(2);
    await runCli(["events", "-f", "--from=5", "-n", "demo", "--type=PodScheduled"], { api });
    expect(api.calls.at(-1)?.[1]).toEqual({ fromPosition: "5", project: "demo", types: ["PodScheduled"] });
  });

  it("knows kinds by all of their names, and both streams of a pod", async () => {
    await runCli(["events", "--kind=po", "--kind=RC", "--kind=service-ip"], { api });
    expect(subscription()).toMatchObject({ kinds: ["pod", "pod-status", "replicationcontroller", "service-ip"] });
  });

  it("gives one JSON object a line", async () => {
    const { out } = await runCli(["events", "-o", "json"], { api });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).type),
    ).toEqual(["ContainerStarted", "ContainerExited"]);
    expect((await runCli(["events", "-o", "yaml"], { api })).code).toBe(2);
  });
});

describe("history", () => {
  it("tells everything that ever happened to one object", async () => {
    for (const args of [["pod/web-1"], ["pod", "web-1"]]) {
      const { out } = await runCli(["history", ...args, "--limit=3"], { api });
      expect(out).toContain("PodCreated");
      expect(api.calls.at(-1)?.[1]).toEqual({ key: { kind: "pod", project: "demo", name: "web-1" }, limit: 3 });
    }
    expect((await runCli(["history", "pod"], { api })).code).toBe(2);
  });
});
