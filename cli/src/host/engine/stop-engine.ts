import { rm } from "node:fs/promises";
import { dockerEngine } from "@slipway/containers";
import { delay } from "@slipway/kernel";
import { runCommand } from "../run-command.ts";
import { type EngineRecord, engineFolder, isAlive, readEngineRecord } from "./engine-record.ts";
import { removeNetworkTraces } from "./network-traces.ts";

const STOP_TIMEOUT_MS = 60_000;

/** Stops the engine that we started, if we did and it runs. Its containers go on (live-restore). */
export const stopEngine = async (home: string): Promise<boolean> => {
  const record = await readEngineRecord(home);
  if (record === undefined || !(await isAlive(record))) return false;
  process.kill(record.pid, "SIGTERM");
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (await isAlive(record)) {
    if (performance.now() > deadline) process.kill(record.pid, "SIGKILL");
    await delay(50);
  }
  return true;
};

/**
 * Removes every trace of the engine that we started: its containers and networks, the process, its rules in the kernel,
 * its data. An engine that we found is left alone.
 */
export const purgeEngine = async (home: string, log: (line: string) => void): Promise<void> => {
  const record = await readEngineRecord(home);
  if (record !== undefined) {
    if (await isAlive(record)) await removeAll(record, log);
    await stopEngine(home);
    if (record.before !== undefined) await removeNetworkTraces(record.before);
    log("Docker Engine is stopped and its data is removed.");
  }
  await unmountBelow(engineFolder(home));
  await rm(engineFolder(home), { recursive: true, force: true });
};

/** Containers would live on without their engine. */
const removeAll = async ({ socketPath }: EngineRecord, log: (line: string) => void): Promise<void> => {
  const engine = dockerEngine({ socketPath });
  try {
    const containers = await engine.containers.list({ all: true });
    if (containers.length > 0) log(`Removing ${containers.length} containers …`);
    for (const { id } of containers) await engine.containers.remove(id, { force: true, volumes: true });
    for (const { name } of await engine.networks.list()) {
      if (!["bridge", "host", "none"].includes(name)) await engine.networks.remove(name);
    }
  } finally {
    engine.close();
  }
};

/** What a killed engine left mounted would make the removal of its folder fail. */
const unmountBelow = async (folder: string): Promise<void> => {
  const table = await runCommand("cat", ["/proc/self/mounts"]).catch(() => "");
  const targets = table.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const target of targets.filter((each) => each.startsWith(`${folder}/`)).reverse()) {
    await runCommand("umount", ["--lazy", target]).catch(() => {});
  }
};
