import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Clock, delay } from "@slipway/kernel";

/**
 * Clears the way after a crash. Postgres takes any living process with the number in its lock file for itself, so after
 * a reboot a stranger with that number would stop it from starting for ever. And a server that outlived its
 * supervisor still holds the data: it is told to stop first.
 */
export const clearStaleLock = async (dataDir: string, socketLock: string | undefined, clock: Clock): Promise<void> => {
  const lock = join(dataDir, "postmaster.pid");
  const pid = lockedBy(lock);
  if (pid !== undefined && isServerOf(pid, dataDir)) {
    await stopAndWait(pid, clock);
  }
  for (const file of [lock, socketLock]) {
    if (file === undefined || !existsSync(file)) continue;
    const holder = lockedBy(file);
    if (holder === undefined || !isPostgres(holder)) rmSync(file, { force: true });
  }
};

/** How long a server left over from before may take for its fast shutdown. */
const SHUTDOWN_MS = 30_000;

const stopAndWait = async (pid: number, clock: Clock): Promise<void> => {
  process.kill(pid, "SIGINT");
  const deadline = clock.now() + SHUTDOWN_MS;
  while (isPostgres(pid)) {
    if (clock.now() > deadline) process.kill(pid, "SIGQUIT");
    await delay(20, undefined, clock);
  }
};

const lockedBy = (file: string): number | undefined => {
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, "utf8"), 10);
  return Number.isNaN(pid) ? undefined : pid;
};

const commandLine = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
};

const isPostgres = (pid: number): boolean => /(^|\/)postgres(:|$)/.test(commandLine(pid)[0] ?? "");

const isServerOf = (pid: number, dataDir: string): boolean => isPostgres(pid) && commandLine(pid).includes(dataDir);
