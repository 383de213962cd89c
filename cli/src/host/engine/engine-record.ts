import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What we remember of an engine that we started, so that we can end it and nothing else. */
export interface EngineRecord {
  readonly pid: number;
  /** The kernel's start time of that process: a later process of the same number is a stranger. */
  readonly startTime: string;
  readonly socketPath: string;
  /** What the engine changes on its start and does not change back. Absent when it was told to leave networks alone. */
  readonly before?: { readonly ipForward: string; readonly forwardPolicy: string };
}

export const engineFolder = (home: string): string => join(home, "engine");

const recordFile = (home: string): string => join(engineFolder(home), "engine.json");

export const readEngineRecord = async (home: string): Promise<EngineRecord | undefined> => {
  try {
    return JSON.parse(await readFile(recordFile(home), "utf8")) as EngineRecord;
  } catch {
    return undefined;
  }
};

export const writeEngineRecord = async (home: string, record: EngineRecord): Promise<void> => {
  const partial = `${recordFile(home)}.part`;
  await writeFile(partial, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(partial, recordFile(home));
};

/** Does the process of the record still run? */
export const isAlive = async ({ pid, startTime }: Pick<EngineRecord, "pid" | "startTime">): Promise<boolean> =>
  (await startTimeOf(pid)) === startTime;

/** Field 22 of the kernel's line; `undefined` when there is no such process, or only its remains. */
export const startTimeOf = async (pid: number): Promise<string | undefined> => {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is the program's name in brackets and may hold anything.
  const [state, ...fields] = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return state === undefined || state === "" || state === "Z" ? undefined : fields[18];
};
