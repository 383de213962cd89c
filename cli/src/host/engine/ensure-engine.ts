import { existsSync } from "node:fs";
import { dockerEngine } from "@slipway/containers";
import { SlipwayError } from "@slipway/kernel";
import { runCommand } from "../run-command.ts";
import { type StartOptions, startDockerd, waitUntilAnswers } from "./start-dockerd.ts";

export const DEFAULT_SOCKET = "/var/run/docker.sock";

export interface EnsureEngineOptions extends Omit<StartOptions, "socketPath"> {
  /** Default: `DOCKER_HOST`, else /var/run/docker.sock. */
  readonly socketPath?: string;
}

export interface EnsuredEngine {
  /** `found`: it answered already; `systemd`: the host's own service, started now; `slipway`: ours, started now. */
  readonly how: "found" | "systemd" | "slipway";
  readonly version: string;
}

/**
 * A Docker Engine that answers. One that does is used as it is; else the host's service is started where systemd runs,
 * else one of our own, which then outlives this process.
 */
export const ensureEngine = async (options: EnsureEngineOptions): Promise<EnsuredEngine> => {
  const { log, signal, socketPath } = options;
  const engine = dockerEngine(socketPath === undefined ? {} : { socketPath });
  try {
    const running = await versionOf(engine, signal);
    if (running !== undefined) return { how: "found", version: running };
    if (socketPath === undefined && process.env.DOCKER_HOST) throw silentHost(process.env.DOCKER_HOST);
    const how = socketPath === undefined && (await startService(log, signal)) ? "systemd" : "slipway";
    if (how === "slipway") await startDockerd({ ...options, socketPath: socketPath ?? DEFAULT_SOCKET });
    const { version } = await engine.info(signal);
    log(`Docker Engine ${version} answers.`);
    return { how, version };
  } finally {
    engine.close();
  }
};

const versionOf = async (
  engine: ReturnType<typeof dockerEngine>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> => {
  try {
    return (await engine.info(signal)).version;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
};

/** False where there is no systemd, or it has no such service. */
const startService = async (log: (line: string) => void, signal: AbortSignal | undefined): Promise<boolean> => {
  if (!existsSync("/run/systemd/system")) return false;
  try {
    await runCommand("systemctl", ["cat", "docker.service"]);
  } catch {
    return false;
  }
  log("Starting Docker Engine (systemctl start docker) …");
  await runCommand("systemctl", ["start", "docker"], signal === undefined ? {} : { signal });
  const answer = await waitUntilAnswers(undefined, signal ?? new AbortController().signal);
  if (answer === "silent") {
    throw new SlipwayError(
      "StartFailed",
      'Docker Engine was started by systemd but does not answer: see "journalctl -u docker".',
    );
  }
  return true;
};

const silentHost = (host: string): SlipwayError =>
  new SlipwayError(
    "EngineUnavailable",
    `The Docker Engine at ${host} (DOCKER_HOST) does not answer: start it, or unset DOCKER_HOST to use this host's own.`,
    { fields: { host } },
  );
