import { readdir } from "node:fs/promises";
import type { Logger } from "@slipway/runtime";
import { podPaths, podsDir } from "../container/plan/host-paths.ts";
import { isMissing, readIfThere, replaceFile } from "../host/files.ts";
import { newPodRecord, type PodRecord } from "./plan/pod-record.ts";

/** The records of this node's pods, one file each. */
export interface PodRecords {
  load(): Promise<PodRecord[]>;
  save(record: PodRecord): Promise<void>;
}

export const podRecords = (stateDir: string, logger: Logger): PodRecords => ({
  load: async () => {
    const uids = await readdir(podsDir(stateDir)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const records = await Promise.all(uids.map((uid) => loadRecord(stateDir, uid, logger)));
    return records.filter((record) => record !== undefined);
  },
  save: (record) => replaceFile(podPaths(stateDir, record.uid).record, JSON.stringify(record)),
});

const loadRecord = async (stateDir: string, uid: string, logger: Logger): Promise<PodRecord | undefined> => {
  const text = await readIfThere(podPaths(stateDir, uid).record);
  if (text === undefined) return undefined;
  try {
    const read = JSON.parse(text) as Partial<PodRecord>;
    if (read.uid !== uid) throw new Error("the record is of another pod");
    return { ...newPodRecord(uid, read.project ?? "", read.name ?? ""), ...read };
  } catch (error) {
    // What runs is found by its labels all the same; only the count of restarts may begin anew.
    logger.warn({ uid, error }, "a pod's record could not be read");
    return undefined;
  }
};
