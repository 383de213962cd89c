import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { delay } from "@slipway/kernel";
import { isAlive, startTimeOf } from "../host/engine/engine-record.ts";

/** A process by its id and the moment of its start, so that a later process of the same id is never taken for it. */
export interface ProcessRecord {
  readonly pid: number;
  readonly startTime: string;
}

export const recordProcess = async (file: string, pid: number): Promise<void> => {
  const startTime = await startTimeOf(pid);
  if (startTime !== undefined) writeFileSync(file, JSON.stringify({ pid, startTime } satisfies ProcessRecord));
};

/** The process of the record, if it still runs. */
export const recordedProcess = async (file: string): Promise<ProcessRecord | undefined> => {
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
    return (await isAlive(record)) ? record : undefined;
  } catch {
    return undefined;
  }
};

/** Ends the recorded process if it still runs: asked first, made to after `deadlineMs`. Answers whether it ran. */
export const endRecorded = async (file: string, deadlineMs: number): Promise<boolean> => {
  const record = await recordedProcess(file);
  if (record !== undefined) {
    const end = performance.now() + deadlineMs;
    signal(record.pid, "SIGTERM");
    while (await isAlive(record)) {
      if (performance.now() > end) signal(record.pid, "SIGKILL");
      await delay(50);
    }
  }
  rmSync(file, { force: true });
  return record !== undefined;
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in between.
  }
};
