import type { ContainerJson, ProbeJson } from "@slipway/proto";

/** How often a probe said yes or no, one after another. */
export interface ProbeState {
  readonly successes: number;
  readonly failures: number;
  /** What holds since one of the thresholds was reached; nothing before. */
  readonly verdict?: boolean;
  readonly message: string;
}

export const PROBE_START: ProbeState = { successes: 0, failures: 0, message: "" };

export interface ProbeTiming {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

/** Defaults and least values as in Kubernetes. */
export const probeTiming = (probe: ProbeJson): ProbeTiming => ({
  initialDelayMs: Math.max(0, probe.initialDelaySeconds ?? 0) * 1_000,
  periodMs: Math.max(1, probe.periodSeconds ?? 10) * 1_000,
  timeoutMs: Math.max(1, probe.timeoutSeconds ?? 1) * 1_000,
  successThreshold: Math.max(1, probe.successThreshold ?? 1),
  failureThreshold: Math.max(1, probe.failureThreshold ?? 3),
});

export interface ProbeResult {
  readonly ok: boolean;
  readonly message: string;
}

/** One more answer of the probe. */
export const advanceProbe = (state: ProbeState, result: ProbeResult, timing: ProbeTiming): ProbeState => {
  const successes = result.ok ? state.successes + 1 : 0;
  const failures = result.ok ? 0 : state.failures + 1;
  const next = { ...state, successes, failures, message: result.ok ? "" : result.message };
  if (successes >= timing.successThreshold) return { ...next, verdict: true };
  if (failures >= timing.failureThreshold) return { ...next, verdict: false };
  return next;
};

/** Where a probe knocks. */
export type ProbeTarget =
  | { readonly type: "http"; readonly url: string; readonly headers: readonly (readonly [string, string])[] }
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | { readonly type: "exec"; readonly command: readonly string[] }
  /** It cannot succeed, and why. */
  | { readonly type: "broken"; readonly message: string };

export const probeTarget = (probe: ProbeJson, container: ContainerJson, podIP: string): ProbeTarget => {
  if (probe.exec?.command !== undefined) return { type: "exec", command: probe.exec.command };
  const action = probe.httpGet ?? probe.tcpSocket;
  const port = portNumber(action?.port, container);
  if (action === undefined) return { type: "broken", message: "the probe has no action" };
  if (port === undefined)
    return { type: "broken", message: `the container has no port ${JSON.stringify(action.port)}` };
  const host = action.host || podIP;
  if (probe.httpGet === undefined) return { type: "tcp", host, port };
  const { path = "/", scheme = "HTTP", httpHeaders = [] } = probe.httpGet;
  const headers = httpHeaders.map(({ name = "", value = "" }) => [name, value] as const);
  const slashed = path.startsWith("/") ? path : `/${path}`;
  return { type: "http", url: `${scheme.toLowerCase() || "http"}://${host}:${port}${slashed}`, headers };
};

const portNumber = (port: unknown, container: ContainerJson): number | undefined => {
  if (typeof port === "number") return port;
  if (typeof port !== "string") return undefined;
  if (/^\d+$/.test(port)) return Number(port);
  return container.ports?.find(({ name }) => name === port)?.containerPort;
};
