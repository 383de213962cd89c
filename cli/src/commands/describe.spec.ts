import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { SlipwayError } from "@slipway/kernel";
import { type FakeApi, type FakeHandlers, startFakeApi } from "../testing/fake-api.ts";
import { pod, service } from "../testing/objects.ts";
import { runCli } from "../testing/run-cli.ts";

let api: FakeApi;
afterEach(() => api.stop());

const recordedAt = timestampFromDate(new Date("2026-03-01T11:40:00.5Z"));
const event = (position: number, type: string, data: object = {}) => ({
  position: BigInt(position),
  stream: "pod/demo/web-1",
  type,
  data: data as Record<string, string>,
  actor: "service:scheduler",
  recordedAt,
});
const scheduled = event(12, "PodScheduled", {
  node: "n1",
  explanation: {
    verdicts: [
      { node: "n1", feasible: true, score: 150.5, scores: { Spread: 100, LeastAllocated: 50.5 } },
      { node: "n2", feasible: false, reason: "Insufficient cpu" },
    ],
    omitted: { "node(s) were unschedulable": 40 },
  },
});

const crashing = pod("web-1", {
  phase: "Running",
  podIP: "10.90.0.2",
  containerStatuses: [
    {
      name: "web",
      image: "web:1",
      restartCount: 4,
      state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 80 s" } },
      lastState: { terminated: { reason: "Error", exitCode: 137, finishedAt: "2026-03-01T12:09:00Z" } },
    },
  ],
});

const serve = async (handlers: FakeHandlers) => {
  api = await startFakeApi(handlers);
};

describe("describe", () => {
  it("tells of a pod where it is and why, how its containers fare, their last words, and what happened", async () => {
    await serve({
      resources: { get: async () => ({ resource: crashing }) },
      events: { history: async () => ({ events: [event(10, "PodCreated"), scheduled] }) },
      pods: {
        logs: async function* () {
          yield { container: "web", lines: [{ text: "listening" }, { text: "out of memory" }] };
        },
      },
    });
    const { code, out } = await runCli(["describe", "pod/web-1"], { api });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "Name:      web-1",
        "Kind:      Pod",
        "Project:   demo",
        "Created:   2026-03-01T11:40:00Z (30m ago)",
        "Status:    CrashLoopBackOff",
        "IP:        10.90.0.2",
        "Placement: was bound to node n1 (position 12)",
        "  n1: fits, 150.5 points (Spread 100, LeastAllocated 50.5)",
        "  n2: Insufficient cpu",
        "  … and 40 more: node(s) were unschedulable",
        "Containers:",
        "  web (web:1)",
        "    State:      waiting, CrashLoopBackOff: back-off 80 s",
        "    Last state: ended 2026-03-01T12:09:00Z, Error, exit code 137",
        "    Restarts:   4",
        "    Last lines:",
        "      listening",
        "      out of memory",
        "Spec:",
        "  containers:",
        "    - name: web",
        "      image: web:1",
        "  nodeName: n1",
        "Events:",
        "      10  11:40:00.500  PodCreated               pod/demo/web-1  (service:scheduler)",
        "      12  11:40:00.500  PodScheduled             pod/demo/web-1  node=n1  (service:scheduler)",
        "",
      ].join("\n"),
    );
  });

  it("asks for the run before when the container runs again", async () => {
    const again = pod("web-1", {
      phase: "Running",
      containerStatuses: [
        { name: "web", ready: true, state: { running: {} }, lastState: { terminated: { signal: 9 } } },
      ],
    });
    await serve({
      resources: { get: async () => ({ resource: again }) },
      events: { history: async () => ({ events: [] }) },
      pods: {
        logs: async function* () {
          yield* [];
          throw new SlipwayError("NoResponder", "The node does not answer.");
        },
      },
    });
    const { code, out } = await runCli(["describe", "pod/web-1"], { api });
    expect(code).toBe(0);
    expect(out).toContain("    State:      running, ready\n    Last state: ended, signal 9\n    Restarts:   0\nSpec:");
    expect(out).toContain("Placement: no scheduler has looked at it yet\n");
    expect(api.calls.at(-1)).toEqual([
      "pods.logs",
      { project: "demo", name: "web-1", container: "web", tailLines: 10, previous: true },
    ]);
  });

  it("describes all objects of a kind, also those without a history", async () => {
    await serve({
      resources: { list: async () => ({ resources: [service("a"), service("b")] }) },
      events: {
        history: async () => {
          throw new SlipwayError("NotFound", "nothing");
        },
      },
    });
    const { out } = await runCli(["describe", "services"], { api });
    expect(out.match(/^Name: +\w$/gm)).toEqual(["Name:      a", "Name:      b"]);
    expect(out).not.toContain("Events:");
  });
});

describe("explain", () => {
  const explained = async (...events: ReturnType<typeof event>[]) => {
    await serve({ events: { history: async () => ({ events }) } });
    return runCli(["explain", "pod", "web-1"], { api });
  };

  it("says why a pod runs on its node", async () => {
    const { out } = await explained(event(11, "PodUnschedulable", { message: "0/1 nodes are available." }), scheduled);
    expect(out).toContain('Pod "web-1" was bound to node n1 (position 12).\n  n1: fits, 150.5 points');
  });

  it("says why a pod has no node", async () => {
    const { out } = await explained(
      event(11, "PodUnschedulable", {
        message: "0/1 nodes are available: 1 Insufficient cpu.",
        explanation: { verdicts: [{ node: "n1", reason: "Insufficient cpu" }] },
      }),
    );
    expect(out).toBe('Pod "web-1" has no node: 0/1 nodes are available: 1 Insufficient cpu.\n  n1: Insufficient cpu\n');
  });

  it("says when nobody has looked at it", async () => {
    expect((await explained(event(1, "PodCreated"))).out).toBe("No scheduler has looked at pod/web-1 yet.\n");
  });
});
