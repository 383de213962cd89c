import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Containers } from "@slipway/containers";
import { asSlipwayError } from "@slipway/kernel";
import type { ProbeResult, ProbeTarget } from "./plan/probe-state.ts";

/** Knocks once; answers no later than `timeoutMs` and never throws. */
export type RunProbe = (target: ProbeTarget, containerId: string, timeoutMs: number) => Promise<ProbeResult>;

const MAX_OUTPUT_BYTES = 1_024;

export const runProbe =
  (containers: Pick<Containers, "exec">): RunProbe =>
  async (target, containerId, timeoutMs) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      switch (target.type) {
        case "http":
          return await httpProbe(target.url, target.headers, signal);
        case "tcp":
          return await tcpProbe(target.host, target.port, signal);
        case "exec":
          return await execProbe(containers, containerId, target.command, signal);
        case "broken":
          return { ok: false, message: target.message };
        default:
          return target satisfies never;
      }
    } catch (error) {
      return {
        ok: false,
        message: signal.aborted ? `no answer within ${timeoutMs / 1_000}s` : asSlipwayError(error).message,
      };
    }
  };

/** 200 to 399 is a yes; redirects are not followed, and a certificate is not looked at. */
const httpProbe = (
  url: string,
  headers: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<ProbeResult> => {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeResult>();
  const options = {
    agent: false,
    signal,
    headers: { "User-Agent": "slipway-probe", Accept: "*/*", Connection: "close", ...Object.fromEntries(headers) },
  } as const;
  const onResponse = (response: http.IncomingMessage) => {
    const status = response.statusCode ?? 0;
    response.destroy();
    resolve({ ok: status >= 200 && status < 400, message: `HTTP probe failed with statuscode: ${status}` });
  };
  const request = url.startsWith("https:")
    ? https.get(url, { ...options, rejectUnauthorized: false }, onResponse)
    : http.get(url, options, onResponse);
  request.on("error", reject);
  return promise;
};

const tcpProbe = (host: string, port: number, signal: AbortSignal): Promise<ProbeResult> => {
  const { promise, resolve, reject } = Promise.withResolvers<ProbeResult>();
  const socket = net.connect({ host, port, signal }, () => {
    socket.destroy();
    resolve({ ok: true, message: "" });
  });
  socket.on("error", reject);
  return promise;
};

const execProbe = async (
  containers: Pick<Containers, "exec">,
  containerId: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<ProbeResult> => {
  const { exitCode, output } = await containers.exec(containerId, {
    command,
    signal,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  return { ok: exitCode === 0, message: `exit code ${exitCode}: ${output.trim()}` };
};
