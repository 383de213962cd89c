import { type Clock, type Deferred, deferred, raceSignal } from "@slipway/kernel";

/** Lets callers wait until a pod has been looked at again. */
export interface PodChanges {
  happened(uid: string): void;
  /** At the next change, after a while, or when the signal aborts. */
  next(uid: string, signal: AbortSignal): Promise<void>;
}

/** A change that was missed costs so much. */
const AT_MOST_MS = 2_000;

export const podChanges = (clock: Clock): PodChanges => {
  const waiting = new Map<string, Deferred<void>>();
  return {
    happened: (uid) => {
      waiting.get(uid)?.resolve();
      waiting.delete(uid);
    },
    next: async (uid, signal) => {
      const change = waiting.get(uid) ?? deferred();
      waiting.set(uid, change);
      const timer = clock.schedule(AT_MOST_MS, () => change.resolve());
      await raceSignal(change.promise, signal).catch(() => {});
      timer.cancel();
      if (waiting.get(uid) === change) waiting.delete(uid);
    },
  };
};
