import type { EndpointsValue } from "@slipway/domain";
import { type Clock, type Deferred, deferred } from "@slipway/kernel";
import type { Services } from "./services.ts";

/** Something on this node that sends traffic to pods: the service addresses, the edge. */
export interface TrafficDirector {
  /** Something changed; it acts soon. */
  nudge(): void;
  /** Resolves when everything known by now is in effect, or could not be brought into effect. */
  flush(): Promise<void>;
}

/** Where traffic goes, and the orderly way out of it. */
export interface Traffic {
  /** Told by the services after each change. */
  changed(): void;
  directors(list: readonly TrafficDirector[]): void;
  readonly draining: ReadonlySet<string>;
  endpoints(): Iterable<EndpointsValue>;
  /**
   * Takes a pod out of this node's traffic and waits until the control plane has told all nodes to do the same, no
   * longer than `withinMs`.
   */
  drain(uid: string, withinMs: number): Promise<void>;
  /** The pod is gone for good. */
  forget(uid: string): void;
}

export const traffic = (services: () => Services, clock: Clock): Traffic => {
  const draining = new Set<string>();
  const waiting = new Map<string, Deferred<void>>();
  let all: readonly TrafficDirector[] = [];

  const nudgeAll = () => {
    for (const director of all) director.nudge();
  };

  return {
    draining,
    endpoints: () => services().feed.values(),
    directors: (list) => {
      all = list;
    },
    changed: () => {
      for (const [uid, told] of waiting) if (!services().sendsTo(uid)) told.resolve();
      nudgeAll();
    },
    drain: async (uid, withinMs) => {
      draining.add(uid);
      if (!services().sendsTo(uid)) return;
      const told = deferred();
      waiting.set(uid, told);
      const timer = clock.schedule(withinMs, () => told.resolve());
      nudgeAll();
      await Promise.all([told.promise, ...all.map((director) => director.flush())]);
      timer.cancel();
      waiting.delete(uid);
    },
    forget: (uid) => void draining.delete(uid),
  };
};
