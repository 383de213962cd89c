import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dockerEngine } from "@slipway/containers";
import { delay, SlipwayError } from "@slipway/kernel";
import { checkHost } from "../host/check-host.ts";
import { ensureEngine } from "../host/engine/ensure-engine.ts";
import { ensureImages } from "../host/images/ensure-images.ts";
import { installMissing } from "../host/install-missing.ts";
import { holderOf, requireFreePorts } from "../host/ports.ts";
import { askSupervisor, type SupervisorStatus } from "./control.ts";
import { ensureCredentials } from "./credentials.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { spawnGuarded } from "./guard.ts";
import {
  chooseInstallation,
  type Installation,
  type InstallationOptions,
  pathsOf,
  saveInstallation,
} from "./installation.ts";
import { inStep, type Output, type StepEnd } from "./output.ts";
import { recordProcess } from "./process-record.ts";
import { stayAwake } from "./stay-awake.ts";

export interface UpOptions extends InstallationOptions {
  /** A registry that may have the platform's own images ready. */
  readonly imageMirror?: string;
  readonly signal?: AbortSignal;
}

export interface Started {
  readonly installation: Installation;
  /** It was running before. */
  readonly already: boolean;
}

const SUPERVISOR = join(import.meta.dirname, "supervise.ts");
const POLL_MS = 100;

/** Brings the platform up: host, engine, images, processes. What fails leaves nothing running that was not before. */
export const startPlatform = (options: UpOptions, output: Output): Promise<Started> =>
  stayAwake(() => start(options, output));

const start = async (options: UpOptions, output: Output): Promise<Started> => {
  const installation = chooseInstallation(options);
  const paths = pathsOf(installation);
  const before = await askSupervisor(paths.control, { op: "status" });
  if (before !== undefined && before.phase !== "failed") {
    if (before.phase === "stopping") await untilGone(paths.control, options.signal);
    else {
      await waitUntilRunning(paths.control, output, options.signal);
      return { installation, already: true };
    }
  }
  await inStep(output, "Checking the host", (step) => prepareHost(step, options.signal));
  // They would hold our own ports; so they are ended before the ports are asked for.
  await endLeftovers(installation);
  await requireFreePorts(wantedPorts(installation, await edgeRuns(installation)));
  saveInstallation(installation);
  ensureCredentials(installation);
  await inStep(output, "Starting Docker Engine", async (step) => {
    const ours = installation.dockerSocket === "/var/run/docker.sock";
    await ensureEngine({
      home: installation.home,
      log: (line) => step.progress(line),
      ...(ours ? {} : { socketPath: installation.dockerSocket }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  });
  await inStep(output, "Preparing images", (step) => prepareImages(installation, options, step));
  await launchSupervisor(installation);
  await waitUntilRunning(paths.control, output, options.signal);
  writeClientConfig(installation);
  return { installation, already: false };
};

const prepareHost = async (step: StepEnd, signal: AbortSignal | undefined): Promise<void> => {
  const host = await checkHost();
  if (!host.root) {
    throw new SlipwayError(
      "NotRoot",
      "`slipway up` sets up networks and containers on this host and needs root: run it with sudo.",
    );
  }
  await installMissing({ log: (line) => step.progress(line), ...(signal ? { signal } : {}) });
};

const prepareImages = async (installation: Installation, options: UpOptions, step: StepEnd): Promise<void> => {
  const engine = dockerEngine({ socketPath: installation.dockerSocket });
  try {
    await ensureImages({
      engine,
      cacheFolder: pathsOf(installation).cache,
      log: (line) => step.progress(line),
      ...(options.imageMirror ? { mirror: options.imageMirror } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } finally {
    engine.close();
  }
};

const wantedPorts = ({ ports, edgeHost }: Installation, edgeIsOurs: boolean) => [
  { port: ports.grpc, what: "the API", setting: "--port-base" },
  { port: ports.http, what: "the API's HTTP side", setting: "--port-base" },
  { port: ports.nats, what: "NATS", setting: "--port-base" },
  { port: ports.registry, what: "the registry", setting: "--port-base" },
  { port: ports.scheduler, what: "the scheduler's health", setting: "--port-base" },
  { port: ports.replicator, what: "the replicator's health", setting: "--port-base" },
  { port: ports.builder, what: "the builder's health", setting: "--port-base" },
  { port: ports.agent, what: "the node agent's health", setting: "--port-base" },
  ...(edgeIsOurs ? [] : [{ port: ports.edge, host: edgeHost, what: "routes", setting: "--edge-port" }]),
];

/** Our own edge goes on while the platform is down, and then holds its port rightly. */
const edgeRuns = async (installation: Installation): Promise<boolean> => {
  const holder = await holderOf(installation.ports.edge);
  if (holder === undefined) return false;
  try {
    const pids = readFileSync(join(pathsOf(installation).nodeState, "edge", "haproxy.pid"), "utf8").split(/\s+/);
    return pids.includes(String(holder.pid));
  } catch {
    return false;
  }
};

const launchSupervisor = async (installation: Installation): Promise<void> => {
  const paths = pathsOf(installation);
  mkdirSync(paths.logs, { recursive: true });
  mkdirSync(paths.run, { recursive: true });
  const log = openSync(join(paths.logs, "supervisor.log"), "a", 0o600);
  const child = spawnGuarded([process.execPath, SUPERVISOR, installation.home], log);
  closeSync(log);
  child.unref();
  const ended = new Promise<never>((_resolve, reject) => {
    child.on("exit", () => {
      const lastLine = readFileSync(join(paths.logs, "supervisor.log"), "utf8").trim().split("\n").at(-1) ?? "";
      reject(new SlipwayError("StartFailed", `The platform did not start: ${lastLine.slice(0, 500)}`));
    });
  });
  ended.catch(() => {});
  if (child.pid !== undefined) await recordProcess(join(paths.run, "guard.json"), child.pid);
  const answers = (async () => {
    while ((await askSupervisor(paths.control, { op: "status" })) === undefined) await delay(POLL_MS);
  })();
  await Promise.race([answers, ended]);
};

/** Follows the start as the supervisor tells it. */
const waitUntilRunning = (control: string, output: Output, signal: AbortSignal | undefined): Promise<void> =>
  inStep(output, "Starting the platform", async (step) => {
    for (;;) {
      const status = await askSupervisor(control, { op: "status" });
      if (status === undefined)
        throw new SlipwayError("StartFailed", "The platform's supervisor ended while it started: see its log.");
      if (status.phase === "running") return;
      if (status.phase === "failed") throw new SlipwayError("StartFailed", status.message);
      step.progress(describe(status));
      await delay(POLL_MS, signal);
    }
  });

const describe = (status: SupervisorStatus): string => {
  const waiting = status.parts.filter(({ state }) => state !== "ready").map(({ name }) => name);
  return waiting.length === 0 ? status.message : `waiting for ${waiting.join(", ")}`;
};

const untilGone = async (control: string, signal: AbortSignal | undefined): Promise<void> => {
  while ((await askSupervisor(control, { op: "status" })) !== undefined) await delay(POLL_MS, signal);
};

/** What `slipway` on this machine connects with. A project chosen earlier stays chosen. */
const writeClientConfig = (installation: Installation): void => {
  const { client } = pathsOf(installation);
  let project = "demo";
  try {
    project = (JSON.parse(readFileSync(client, "utf8")) as { project?: string }).project ?? project;
  } catch {
    // The first start.
  }
  const { ownerToken } = ensureCredentials(installation);
  const config = { server: `127.0.0.1:${installation.ports.grpc}`, token: ownerToken, project };
  writeFileSync(client, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
};
