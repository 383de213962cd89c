import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dockerEngine } from "@slipway/containers";
import { delay, SlipwayError } from "@slipway/kernel";
import { findProgram } from "../check-host.ts";
import { runCommand } from "../run-command.ts";
import { engineFolder, startTimeOf, writeEngineRecord } from "./engine-record.ts";
import { readNetworkState } from "./network-traces.ts";

export interface StartOptions {
  readonly home: string;
  readonly socketPath: string;
  readonly log: (line: string) => void;
  /** Further arguments of dockerd. */
  readonly args?: readonly string[];
  /** False for an engine that leaves the host's networks and rules alone. Default true. */
  readonly networks?: boolean;
  readonly signal?: AbortSignal;
}

const START_TIMEOUT_MS = 60_000;

const POLL_MS = 50;

/**
 * Starts dockerd as a process of its own that outlives this one, with data, log and pid file under `<home>/engine`.
 * Live-restore is on, so that containers go on while it restarts.
 */
export const startDockerd = async (options: StartOptions): Promise<void> => {
  const { home, socketPath, log, networks = true, signal } = options;
  const program = findProgram("dockerd");
  if (program === undefined) throw noDockerd();
  await requireCgroups();
  const folder = engineFolder(home);
  await mkdir(join(folder, "data"), { recursive: true });
  await mkdir(dirname(socketPath), { recursive: true });
  const before = networks ? await readNetworkState() : undefined;
  const logFile = join(folder, "dockerd.log");
  const output = openSync(logFile, "a");
  log(`Starting Docker Engine (log: ${logFile}) …`);
  const child = spawn(
    program,
    [
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "run")],
      ...["--pidfile", join(folder, "docker.pid"), "--host", `unix://${socketPath}`, "--live-restore"],
      ...(options.args ?? []),
    ],
    { detached: true, stdio: ["ignore", output, output] },
  );
  closeSync(output);
  const exited = once(child, "exit").then(
    () => "exited" as const,
    () => "exited" as const,
  );
  child.unref();
  const ended = new AbortController();
  try {
    const answered = waitUntilAnswers(
      socketPath,
      signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]),
    );
    const outcome = await Promise.race([answered, exited]);
    if (outcome !== "answers") throw await startFailed(logFile, outcome);
    const pid = child.pid ?? 0;
    await writeEngineRecord(home, {
      pid,
      startTime: (await startTimeOf(pid)) ?? "",
      socketPath,
      ...(before === undefined ? {} : { before }),
    });
  } catch (error) {
    child.kill("SIGTERM");
    throw error;
  } finally {
    ended.abort();
  }
};

/** Polls, because a socket that is not there yet tells nobody when it comes. */
export const waitUntilAnswers = async (
  socketPath: string | undefined,
  signal: AbortSignal,
): Promise<"answers" | "silent"> => {
  const engine = dockerEngine(socketPath === undefined ? {} : { socketPath });
  const deadline = performance.now() + START_TIMEOUT_MS;
  try {
    while (performance.now() < deadline) {
      try {
        await engine.ping(AbortSignal.any([signal, AbortSignal.timeout(2_000)]));
        return "answers";
      } catch {
        await delay(POLL_MS, signal);
      }
    }
    return "silent";
  } finally {
    engine.close();
  }
};

const requireCgroups = async (): Promise<void> => {
  if (existsSync("/sys/fs/cgroup/cgroup.controllers") || existsSync("/sys/fs/cgroup/memory/tasks")) return;
  try {
    await runCommand("mount", ["-t", "cgroup2", "cgroup2", "/sys/fs/cgroup"]);
  } catch (error) {
    throw new SlipwayError(
      "StartFailed",
      "Docker Engine needs control groups, and none are mounted at /sys/fs/cgroup: mount them, or run Slipway where they are.",
      { cause: error },
    );
  }
};

const noDockerd = (): SlipwayError =>
  new SlipwayError(
    "MissingProgram",
    "Docker Engine (dockerd) is not installed: install it (Debian: docker.io) and try again.",
    {
      fields: { program: "dockerd" },
    },
  );

const startFailed = async (logFile: string, outcome: "exited" | "silent"): Promise<SlipwayError> => {
  const lines = (await readFile(logFile, "utf8").catch(() => "")).trim().split("\n");
  const last = lines.at(-1) ?? "";
  const how = outcome === "exited" ? "ended at once" : `did not answer within ${START_TIMEOUT_MS / 1_000} s`;
  return new SlipwayError("StartFailed", `Docker Engine ${how}: ${last || "it wrote nothing"} (log: ${logFile}).`, {
    fields: { logFile, last },
  });
};
