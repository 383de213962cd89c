import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { delay } from "@slipway/kernel";
import { type Installation, pathsOf } from "./installation.ts";
import { endRecorded } from "./process-record.ts";

const PART_STOP_MS = 15_000;

/** What starts others, in the order of its end. */
const KEEPERS = [["guard"], ["supervisor"]];

/** In the order of their end: what others need last. */
const PARTS = [
  ["node-agent", "builder", "replicator", "scheduler", "api-gateway"],
  ["registry", "nats"],
];

/** Ends a supervisor that does not answer and what it, or one that was killed, has left. Answers whether there was anything. */
export const endLeftovers = async (installation: Installation): Promise<boolean> => {
  const keepers = await endAll(installation, KEEPERS);
  return (await endLeftoverParts(installation)) || keepers;
};

/** Ends the parts that a supervisor which was killed has left. */
export const endLeftoverParts = async (installation: Installation): Promise<boolean> => {
  const parts = await endAll(installation, PARTS);
  return (await endPostgres(installation)) || parts;
};

const endAll = async (installation: Installation, groups: readonly (readonly string[])[]): Promise<boolean> => {
  const { run } = pathsOf(installation);
  let found = false;
  for (const names of groups) {
    const ended = await Promise.all(names.map((name) => endRecorded(join(run, `${name}.json`), PART_STOP_MS)));
    found ||= ended.includes(true);
  }
  return found;
};

/** Postgres says itself who it is. */
const endPostgres = async (installation: Installation): Promise<boolean> => {
  const { postgresData } = pathsOf(installation);
  const pid = Number((await readFile(join(postgresData, "postmaster.pid"), "utf8").catch(() => "")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const runs = async () => (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes(postgresData);
  if (!(await runs())) return false;
  const end = performance.now() + PART_STOP_MS;
  process.kill(pid, "SIGINT");
  while ((await runs()) && performance.now() < end) await delay(50);
  return true;
};
