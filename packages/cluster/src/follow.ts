import type { Bus } from "@slipway/bus";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import { type Deferred, deferred, linkedSignal, raceSignal, SlipwayError, type StoredEvent } from "@slipway/kernel";
import { ClusterState } from "./cluster-state.ts";
import type { Change } from "./entry.ts";
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_SCHEMA } from "./snapshot.ts";

/** What a follower says about itself; a pino logger fits. */
export interface FollowLogger {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface FollowClusterOptions {
  readonly log: EventLog;
  readonly bus: Pick<Bus, "events">;
  readonly snapshots?: Snapshots;
  /** Events between two snapshots. Default 50,000. */
  readonly snapshotEvery?: number;
  /** Whose snapshot it is: the service's name. */
  readonly name: string;
  readonly logger?: FollowLogger;
  /** Ends the follower, also while it is still catching up. */
  readonly signal?: AbortSignal;
}

/** A read model that keeps up with the log. */
export interface ClusterFollower {
  readonly state: ClusterState;
  /** Called after each batch of events, with what they changed. Returns its end. */
  onChange(listener: (changes: readonly Change[], events: readonly StoredEvent[]) => void): () => void;
  /** Resolves when the state holds this position; rejects with the signal's reason, or when the follower ends. */
  waitFor(position: number, signal?: AbortSignal): Promise<void>;
  /** How many positions the bus is known to be ahead. */
  lag(): Promise<number>;
  stop(): Promise<void>;
}

const SNAPSHOT_EVERY = 50_000;

interface Waiter {
  readonly position: number;
  readonly reached: Deferred<void>;
}

/**
 * Starts with the newest snapshot, reads the log's tail, and resolves when it has caught up with the head of that moment;
 * from then on it follows the bus, and reads from the log what the bus does not have.
 */
export const followCluster = async (options: FollowClusterOptions): Promise<ClusterFollower> => {
  const { log, bus, snapshots, name, logger } = options;
  const stop = linkedSignal(options.signal);
  const { signal } = stop;
  const snapshot = await snapshots?.load(name, SNAPSHOT_SCHEMA);
  const state = snapshot === undefined ? new ClusterState() : decodeSnapshot(snapshot.data, snapshot.position);
  let snapshotAt = state.position;
  const listeners = new Set<(changes: readonly Change[], events: readonly StoredEvent[]) => void>();
  let waiters: Waiter[] = [];

  const take = (events: readonly StoredEvent[]): void => {
    const fresh = events.filter((event) => event.position > state.position);
    const changes: Change[] = [];
    for (const event of fresh) {
      const change = state.apply(event);
      if (change !== undefined) changes.push(change);
    }
    if (fresh.length === 0) return;
    for (const waiter of waiters) if (waiter.position <= state.position) waiter.reached.resolve();
    waiters = waiters.filter((waiter) => waiter.position > state.position);
    for (const listener of listeners) listener(changes, fresh);
  };

  const saveSnapshot = async (): Promise<void> => {
    if (snapshots === undefined || state.position - snapshotAt < (options.snapshotEvery ?? SNAPSHOT_EVERY)) return;
    snapshotAt = state.position;
    try {
      await snapshots.save(name, SNAPSHOT_SCHEMA, state.position, encodeSnapshot(state));
    } catch (error) {
      // The log still holds everything: without a snapshot the next start only takes longer.
      logger?.warn({ error }, "snapshot not saved");
    }
  };

  for await (const events of log.read(state.position + 1, { batchSize: 5_000, signal })) take(events);
  await saveSnapshot();
  logger?.info({ position: state.position, snapshot: snapshot?.position ?? 0 }, "read model caught up");

  const following = (async () => {
    for await (const events of bus.events.follow(state.position + 1, { signal, log })) {
      take(events);
      await saveSnapshot();
    }
  })().finally(() => {
    const ended = new SlipwayError("Cancelled", "The read model has stopped following the log.");
    for (const waiter of waiters) waiter.reached.reject(ended);
    waiters = [];
  });
  // Its failure is the caller's at `stop`; until then waiters hear of it.
  following.catch((error: unknown) => logger?.warn({ error }, "read model stopped"));

  return {
    state,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    waitFor: (position, waitSignal) => {
      if (position <= state.position) return Promise.resolve();
      const reached = deferred();
      reached.promise.catch(() => {});
      waiters.push({ position, reached });
      return waitSignal === undefined ? reached.promise : raceSignal(reached.promise, waitSignal);
    },
    lag: async () => Math.max(0, (await bus.events.lastPosition()) - state.position),
    stop: async () => {
      stop.abort();
      await following.catch(() => {});
    },
  };
};
