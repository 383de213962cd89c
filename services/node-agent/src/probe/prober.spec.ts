import { seededRandom } from "@slipway/kernel";
import type { ContainerJson } from "@slipway/proto";
import { type ManualClock, manualClock } from "@slipway/testkit";
import { advanceProbe, PROBE_START, probeTarget, probeTiming } from "./plan/probe-state.ts";
import { type Prober, prober } from "./prober.ts";

const START = 1_000_000;
let clock: ManualClock;
let answers: boolean[];
let knocks: number[];
let changes: number;
let probes: Prober;

beforeEach(() => {
  clock = manualClock(START);
  answers = [];
  knocks = [];
  changes = 0;
  probes = prober({
    run: async () => {
      knocks.push((clock.now() - START) / 1_000);
      return { ok: answers.shift() ?? true, message: "refused" };
    },
    onVerdict: () => {
      changes++;
    },
    clock,
    random: seededRandom(1),
  });
});
afterEach(() => probes.stop());

const watch = (container: ContainerJson, startedAtMs = START) =>
  probes.sync("u1", [{ containerId: "c1", container, podIP: "10.88.0.2", startedAtMs }]);
const verdict = () => probes.verdicts("u1").get("c1");
const tcpSocket = { port: 80 };

describe("a readiness probe", () => {
  it("says nothing before it has an answer, and then that the container is ready", async () => {
    watch({ readinessProbe: { tcpSocket, initialDelaySeconds: 5 } });
    await clock.advance(4_999);
    expect(verdict()).toEqual({});
    await clock.advance(1);
    expect(verdict()).toEqual({ ready: true });
    expect(changes).toBe(1);
  });

  it("knocks each second while a young container is not ready yet, then each period", async () => {
    answers = [false, false, true];
    watch({ readinessProbe: { tcpSocket } });
    await clock.advance(25_000);
    expect(knocks).toEqual([0, 1, 2, 12, 22]);
  });

  it("turns after so many failures as it allows, and back after so many successes as it wants", async () => {
    watch({ readinessProbe: { tcpSocket, periodSeconds: 1, failureThreshold: 2, successThreshold: 2 } });
    await clock.advance(1_000);
    expect(verdict()?.ready).toBe(true);
    answers = [false, false, true, true];
    await clock.advance(1_000);
    expect(verdict()?.ready).toBe(true);
    await clock.advance(1_000);
    expect(verdict()).toEqual({ ready: false, readyMessage: "Readiness probe failed: refused" });
    await clock.advance(1_000);
    expect(verdict()?.ready).toBe(false);
    await clock.advance(1_000);
    expect(verdict()?.ready).toBe(true);
  });
});

describe("a liveness probe", () => {
  it("fails after three failures, ten seconds apart, unless it says otherwise", async () => {
    answers = [false, false, false];
    watch({ livenessProbe: { tcpSocket } });
    await clock.advance(19_999);
    expect(verdict()).toEqual({});
    await clock.advance(1);
    expect(verdict()?.livenessFailure).toBe("Liveness probe failed: refused");
    expect(knocks).toEqual([0, 10, 20]);
  });

  it("ends with its container", async () => {
    watch({ livenessProbe: { tcpSocket } });
    await clock.advance(0);
    probes.sync("u1", []);
    await clock.advance(60_000);
    expect(knocks).toEqual([0]);
    expect(clock.pending()).toBe(0);
  });

  it("does not knock at all adopted containers in one moment", async () => {
    watch({ livenessProbe: { tcpSocket } }, START - 3_600_000);
    await clock.advance(0);
    expect(knocks).toEqual([]);
    await clock.advance(5_000);
    expect(knocks).toHaveLength(1);
  });
});

describe("the target of a probe", () => {
  const container: ContainerJson = { ports: [{ name: "http", containerPort: 8080 }] };
  it.each([
    [{ httpGet: { port: 80 } }, { type: "http", url: "http://10.0.0.2:80/", headers: [] }],
    [
      { httpGet: { port: "http", path: "ok", scheme: "HTTPS", httpHeaders: [{ name: "A", value: "b" }] } },
      { type: "http", url: "https://10.0.0.2:8080/ok", headers: [["A", "b"]] },
    ],
    [{ tcpSocket: { port: "81", host: "1.2.3.4" } }, { type: "tcp", host: "1.2.3.4", port: 81 }],
    [{ exec: { command: ["true"] } }, { type: "exec", command: ["true"] }],
    [{ tcpSocket: { port: "none" } }, { type: "broken", message: 'the container has no port "none"' }],
  ])("%j", (probe, target) => expect(probeTarget(probe, container, "10.0.0.2")).toEqual(target));
});

describe("a probe's numbers", () => {
  it("are never below what Kubernetes allows", () => {
    expect(probeTiming({ periodSeconds: 0, timeoutSeconds: 0, failureThreshold: 0 })).toMatchObject({
      periodMs: 1_000,
      timeoutMs: 1_000,
      failureThreshold: 1,
    });
  });

  it("keep the verdict between the thresholds", () => {
    const timing = probeTiming({ failureThreshold: 2 });
    const ready = advanceProbe(PROBE_START, { ok: true, message: "" }, timing);
    expect(advanceProbe(ready, { ok: false, message: "x" }, timing)).toMatchObject({ verdict: true, failures: 1 });
  });
});
