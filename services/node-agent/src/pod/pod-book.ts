import type { StartFailure } from "./plan/pod-input.ts";
import { NOTHING_REPORTED, newPodRecord, type PodRecord, type PodReported } from "./plan/pod-record.ts";

/** What this agent process knows of one pod besides what the engine shows. */
export interface PodMemory {
  record: PodRecord;
  reported: PodReported;
  /** By container name. */
  readonly failures: Map<string, StartFailure & { readonly count: number }>;
  sandboxFailure?: StartFailure & { readonly count: number };
  /** Ends that the gateway has taken in since the record was last written. */
  readonly takenExits: Set<string>;
  drain: "no" | "under way" | "done";
  /** What was told may not have arrived: the next look at the pod tells all that stands. */
  tellAgain: boolean;
}

/** The pods that this agent has to do with. */
export interface PodBook {
  get(uid: string): PodMemory | undefined;
  open(uid: string, project: string, name: string): PodMemory;
  adopt(record: PodRecord): void;
  forget(uid: string): void;
  /** Has everything that stands told again; the gateway drops what it knows. */
  tellAgain(): void;
  uids(): Iterable<string>;
  readonly size: number;
}

export const podBook = (): PodBook => {
  const pods = new Map<string, PodMemory>();
  const memoryOf = (record: PodRecord): PodMemory => ({
    record,
    reported: NOTHING_REPORTED,
    failures: new Map(),
    takenExits: new Set(),
    drain: "no",
    tellAgain: false,
  });
  return {
    get: (uid) => pods.get(uid),
    open: (uid, project, name) => {
      const memory = pods.get(uid) ?? memoryOf(newPodRecord(uid, project, name));
      pods.set(uid, memory);
      return memory;
    },
    adopt: (record) => void pods.set(record.uid, memoryOf(record)),
    forget: (uid) => void pods.delete(uid),
    tellAgain: () => {
      for (const memory of pods.values()) memory.tellAgain = true;
    },
    uids: () => pods.keys(),
    get size() {
      return pods.size;
    },
  };
};
