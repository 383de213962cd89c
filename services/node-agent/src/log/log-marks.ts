import type { Clock, Timer } from "@slipway/kernel";
import { podPaths } from "../container/plan/host-paths.ts";
import { readIfThere, replaceFile } from "../host/files.ts";

/** Up to where each container's output is on the bus, kept so that a restarted agent sends no line twice. */
export interface LogMarks {
  /** RFC 3339 with nanoseconds. */
  get(uid: string, containerId: string): Promise<string | undefined>;
  /** Written to disk a little later: a crash costs repeated lines, never lost ones. */
  set(uid: string, containerId: string, at: string): void;
  forget(uid: string): void;
  flush(): Promise<void>;
}

const WRITE_AFTER_MS = 2_000;

export const logMarks = (stateDir: string, clock: Clock): LogMarks => {
  const pods = new Map<string, Promise<Map<string, string>>>();
  const dirty = new Set<string>();
  let timer: Timer | undefined;
  let writing: Promise<void> = Promise.resolve();

  const file = (uid: string) => `${podPaths(stateDir, uid).dir}/logs.json`;

  const load = (uid: string): Promise<Map<string, string>> => {
    const known = pods.get(uid);
    if (known !== undefined) return known;
    const loading = readMarks(file(uid));
    pods.set(uid, loading);
    return loading;
  };

  const writeAll = async (): Promise<void> => {
    for (const uid of [...dirty]) {
      dirty.delete(uid);
      const marks = await pods.get(uid);
      if (marks !== undefined) await replaceFile(file(uid), JSON.stringify(Object.fromEntries(marks)));
    }
  };

  const flush = (): Promise<void> => {
    timer?.cancel();
    timer = undefined;
    // What cannot be written costs repeated lines after a restart, no more.
    writing = writing.then(writeAll).catch(() => {});
    return writing;
  };

  return {
    get: async (uid, containerId) => (await load(uid)).get(containerId),
    set: (uid, containerId, at) => {
      void load(uid).then((marks) => marks.set(containerId, at));
      dirty.add(uid);
      timer ??= clock.schedule(WRITE_AFTER_MS, () => void flush());
    },
    forget: (uid) => {
      pods.delete(uid);
      dirty.delete(uid);
    },
    flush,
  };
};

const readMarks = async (path: string): Promise<Map<string, string>> => {
  try {
    const text = await readIfThere(path);
    return new Map(Object.entries(JSON.parse(text ?? "{}") as Record<string, string>));
  } catch {
    return new Map();
  }
};
