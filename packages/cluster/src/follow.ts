import type { Bus } from "@slipway/bus";
import type { EventLog, Snapshots } from "@slipway/eventlog";
import {
  asSlipwayError,
  backoffDelayMs,
  type Clock,
  delay,
  isSlipwayError,
  linkedSignal,
  SlipwayError,
  type StoredEvent,
  systemClock,
} from "@slipway/kernel";
import type { ClusterState } from "./cluster-state.ts";
import type { Change } from "./entry.ts";
import type { FollowLogger } from "./follow-logger.ts";
import { SnapshotKeeper } from "./snapshot-keeper.ts";
import { Waiters } from "./waiters.ts";

export interface FollowClusterOptions {
  readonly log: Pick<EventLog, "read" | "head" | "onAppended">;
  readonly bus: Pick<Bus, "events">;
  readonly snapshots?: Snapshots;
  /** Events between two snapshots. Default 50,000. */
  readonly snapshotEvery?: number;
  /** Whose snapshot it is: the service's name. */
  readonly name: string;
  readonly logger?: FollowLogger;
  readonly clock?: Clock;
  /** Ends the follower, also while it is still catching up. */
  readonly signal?: AbortSignal;
}

/** Called after each batch of events that was taken in, with what they changed. */
export type ChangeListener = (changes: readonly Change[], events: readonly StoredEvent[]) => void;

/** A read model that keeps up with the log. */
export interface ClusterFollower {
  readonly state: ClusterState;
  /** The state has held the head that the log had at the start. Resolved by the time that a follower is handed out. */
  readonly ready: Promise<void>;
  /** Returns its end. A listener that throws is logged and does not hold up the others. */
  onChange(listener: ChangeListener): () => void;
  /** Resolves when the state holds this position; rejects with the signal's reason, or when the follower ends. */
  waitFor(position: number, signal?: AbortSignal): Promise<void>;
  /** How many positions the log was ahead when it was last asked, a few seconds ago at most. */
  lag(): number;
  /** Rejects when the follower cannot go on; a stop leaves it open. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const SNAPSHOT_EVERY = 50_000;
const BATCH = 5_000;
const HEAD_EVERY_MS = 5_000;
const RETRY = { initialMs: 100, maxMs: 5_000 };

/**
 * Starts with the newest snapshot, reads the log's tail, and resolves when it has caught up with the head of that moment;
 * from then on it follows the bus, and reads from the log what the bus does not have. Waits as long as the log cannot be
 * reached.
 */
export const followCluster = async (options: FollowClusterOptions): Promise<ClusterFollower> => {
  const follower = new Follower(options);
  await follower.start();
  return follower.handle();
};

class Follower {
  readonly #options: FollowClusterOptions;
  readonly #clock: Clock;
  readonly #stop: AbortController;
  readonly #keeper: SnapshotKeeper;
  readonly #waiters = new Waiters();
  readonly #listeners = new Set<ChangeListener>();
  #state: ClusterState | undefined;
  #head = 0;
  #following: Promise<void> = Promise.resolve();
  #watchingHead: Promise<void> = Promise.resolve();
  readonly #failure = Promise.withResolvers<never>();

  constructor(options: FollowClusterOptions) {
    const { snapshots, name, logger } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#stop = linkedSignal(options.signal);
    this.#keeper = new SnapshotKeeper({ snapshots, name, logger, every: options.snapshotEvery ?? SNAPSHOT_EVERY });
    // Whoever does not listen learns of it by `waitFor`.
    this.#failure.promise.catch(() => {});
  }

  async start(): Promise<void> {
    const { log, logger } = this.#options;
    const { signal } = this.#stop;
    this.#head = await this.#untilReachable(() => log.head(signal));
    const state = await this.#keeper.load(this.#head);
    this.#state = state;
    const from = state.position;
    await this.#untilReachable(() => this.#readTail(state));
    logger?.info({ position: state.position, snapshot: from }, "read model caught up");
    this.#following = this.#follow(state);
    this.#watchingHead = this.#watchHead();
  }

  handle(): ClusterFollower {
    const state = this.#caughtUp();
    return {
      state,
      ready: Promise.resolve(),
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      waitFor: async (position, signal) => {
        if (position > state.position) await this.#waiters.wait(position, signal);
      },
      lag: () => Math.max(0, this.#head - state.position),
      failed: this.#failure.promise,
      stop: async () => {
        this.#stop.abort(new SlipwayError("Cancelled", "The read model was stopped."));
        await this.#following;
        await this.#watchingHead;
        await this.#keeper.finish(state);
      },
    };
  }

  #caughtUp(): ClusterState {
    if (this.#state === undefined) throw new SlipwayError("NotReady", "The read model has not been started.");
    return this.#state;
  }

  async #readTail(state: ClusterState, to?: number): Promise<void> {
    const { signal } = this.#stop;
    const bound = to === undefined ? {} : { to };
    for await (const events of this.#options.log.read(state.position + 1, { batchSize: BATCH, signal, ...bound })) {
      this.#take(state, events);
    }
  }

  async #follow(state: ClusterState): Promise<void> {
    const { bus, log, logger } = this.#options;
    const { signal } = this.#stop;
    try {
      for await (const events of bus.events.follow(state.position + 1, { signal, log })) {
        const first = events.find(({ position }) => position > state.position);
        // The bus fills its holes from the log by itself; should it not, the fold must still not have one.
        if (first !== undefined && first.position > state.position + 1) {
          await this.#untilReachable(() => this.#readTail(state, first.position - 1));
        }
        this.#take(state, events);
      }
      signal.throwIfAborted();
      throw new SlipwayError("BusUnavailable", "The bus ended the stream of events: start the service again.");
    } catch (error) {
      if (!signal.aborted) {
        logger?.warn({ error }, "read model stopped");
        this.#failure.reject(asSlipwayError(error));
      }
      this.#waiters.end(
        new SlipwayError("Cancelled", "The read model has stopped following the log.", { cause: error }),
      );
    }
  }

  #take(state: ClusterState, events: readonly StoredEvent[]): void {
    const fresh = events.filter((event) => event.position > state.position);
    if (fresh.length === 0) return;
    const changes: Change[] = [];
    for (const event of fresh) {
      const change = state.apply(event);
      if (change !== undefined) changes.push(change);
    }
    for (const listener of this.#listeners) {
      try {
        listener(changes, fresh);
      } catch (error) {
        this.#options.logger?.warn({ error }, "listener of the read model failed");
      }
    }
    this.#waiters.reached(state.position);
    this.#keeper.offer(state);
  }

  async #watchHead(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await delay(HEAD_EVERY_MS, signal, this.#clock);
        this.#head = Math.max(this.#head, await this.#options.log.head(signal));
      } catch {
        // Stopped, or the log cannot be asked: the last answer stands.
      }
    }
  }

  /** Tries again while the log is away. */
  async #untilReachable<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#stop;
    for (let failures = 1; ; failures++) {
      try {
        signal.throwIfAborted();
        return await work();
      } catch (error) {
        if (signal.aborted || !isSlipwayError(error) || error.class !== "Transient") throw error;
        this.#options.logger?.warn({ error, failures }, "read model waits for the log");
        await delay(error.retryAfterMs ?? backoffDelayMs(RETRY, failures), signal, this.#clock);
      }
    }
  }
}
