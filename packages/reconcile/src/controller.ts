import {
  asSlipwayError,
  type BackoffPolicy,
  backoffDelayMs,
  type Clock,
  type Deferred,
  deferred,
  linkedSignal,
  type Random,
  SlipwayError,
} from "@slipway/kernel";
import { keyQueue } from "./queue.ts";
import { type ResyncOptions, resyncLoop } from "./resync.ts";

/** When the key wants to be looked at again although nothing may have happened. Nothing: only when it is added. */
export interface ReconcileResult {
  readonly requeueAfterMs?: number;
}

/**
 * Brings the world of one key from what is to what is wanted. Told only the key, never what happened: it reads the
 * state, so a nudge that is lost, doubled or late changes nothing. Throwing means: again, after a back-off.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a reconciler that wants nothing more simply ends.
export type Reconcile = (key: string, signal: AbortSignal) => Promise<ReconcileResult | void>;

export type ReconcileOutcome =
  /** It ended and wants nothing more. */
  | "success"
  /** It ended and wants to be called again. */
  | "requeue"
  /** It threw; the key backs off. */
  | "error"
  /** It threw because the controller stops. */
  | "aborted";

export interface ControllerOptions {
  /** Lowercase words with dashes; names the loop in metrics and messages. */
  readonly name: string;
  readonly reconcile: Reconcile;
  readonly clock: Clock;
  readonly random: Random;
  /** Keys reconciled at the same time, each once. Default 1. */
  readonly concurrency?: number;
  /** Between failures of one key. Default 5 ms, doubled up to 30 s, a fifth of it left to chance. */
  readonly backoff?: BackoffPolicy;
  /** Lists every key at the start and from time to time, so that a lost nudge costs latency and never correctness. */
  readonly resync?: ResyncOptions;
  /** One call at the end of every run, for metrics. */
  readonly onOutcome?: (outcome: ReconcileOutcome, durationMs: number, key: string) => void;
  /** A run failed for the `attempt`-th time in a row (`key` undefined: the list of keys could not be read). */
  readonly onError?: (error: SlipwayError, key: string | undefined, attempt: number) => void;
}

/** A loop over keys. It has the shape of a component: it starts and stops with the process. */
export interface Controller {
  readonly name: string;
  add(key: string): void;
  addAfter(key: string, delayMs: number): void;
  /** Begins to take keys, those added before included. With a resync it ends when all keys have been listed once. */
  start(signal?: AbortSignal): Promise<void>;
  /** Resolves when nothing is ready or running; keys that wait for their moment do not count. */
  idle(): Promise<void>;
  /**
   * Takes no more keys and waits for those that run. What still runs after three quarters of `deadlineMs` is aborted
   * by its signal; what ignores even that makes `stop` fail with `DeadlineExceeded` at the deadline.
   */
  stop(deadlineMs: number): Promise<void>;
  /** Keys that wait for a free hand. */
  depth(): number;
  running(): number;
  /** How long the key that is ready for longest has waited. */
  oldestAgeMs(): number;
}

const DEFAULT_BACKOFF: BackoffPolicy = { initialMs: 5, maxMs: 30_000, jitter: 0.2 };

/** Makes a controller; nothing runs before `start`. */
export const createController = (options: ControllerOptions): Controller => {
  const { name, clock, random, concurrency = 1, backoff = DEFAULT_BACKOFF } = options;
  const failures = new Map<string, number>();
  const lifetime = new AbortController();
  let state: "new" | "started" | "stopping" = "new";
  let whenIdle: Deferred<void> | undefined;
  const runningKeys = new Set<string>();

  const queue = keyQueue(clock, () => takeMore());
  const resync =
    options.resync &&
    resyncLoop({
      ...options.resync,
      clock,
      random,
      add: queue.add,
      onError: (error, attempt) => options.onError?.(error, undefined, attempt),
    });

  const takeMore = (): void => {
    while (state === "started" && queue.running < concurrency) {
      const key = queue.take();
      if (key === undefined) return;
      void run(key);
    }
  };

  const run = async (key: string): Promise<void> => {
    const startMs = clock.now();
    runningKeys.add(key);
    const outcome = await attempt(key);
    runningKeys.delete(key);
    options.onOutcome?.(outcome, clock.now() - startMs, key);
    queue.done(key);
    takeMore();
    settleIdle();
  };

  const attempt = async (key: string): Promise<ReconcileOutcome> => {
    const signal = linkedSignal(lifetime.signal);
    try {
      const result = await options.reconcile(key, signal.signal);
      failures.delete(key);
      if (result?.requeueAfterMs === undefined) return "success";
      if (state === "started") queue.addAfter(key, result.requeueAfterMs);
      return "requeue";
    } catch (cause) {
      if (lifetime.signal.aborted) return "aborted";
      const error = asSlipwayError(cause);
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      // A server that says when to come back is not asked earlier.
      const delayMs = Math.max(backoffDelayMs(backoff, count, random), error.retryAfterMs ?? 0);
      if (state === "started") queue.addAfter(key, delayMs);
      options.onError?.(error, key, count);
      return "error";
    } finally {
      // Takes the listener off the lifetime's signal, which outlives this run.
      signal.abort();
    }
  };

  const settleIdle = (): void => {
    if (queue.running > 0 || queue.depth > 0) return;
    whenIdle?.resolve();
    whenIdle = undefined;
  };

  const idle = (): Promise<void> => {
    whenIdle ??= deferred();
    const { promise } = whenIdle;
    settleIdle();
    return promise;
  };

  return {
    name,
    add: (key) => {
      if (state !== "stopping") queue.add(key);
    },
    addAfter: (key, delayMs) => {
      if (state !== "stopping") queue.addAfter(key, delayMs);
    },
    start: async (signal) => {
      if (state !== "new") return;
      state = "started";
      takeMore();
      await resync?.start(signal);
    },
    idle,
    stop: async (deadlineMs) => {
      state = "stopping";
      resync?.stop();
      queue.clear();
      const late = deferred();
      const timers = [
        clock.schedule(deadlineMs * 0.75, () =>
          lifetime.abort(new SlipwayError("Cancelled", `The loop ${name} is stopping.`)),
        ),
        clock.schedule(deadlineMs, () => late.reject(stopTooSlow(name, deadlineMs, [...runningKeys]))),
      ];
      try {
        await Promise.race([idle(), late.promise]);
      } finally {
        for (const timer of timers) timer.cancel();
      }
    },
    depth: () => queue.depth,
    running: () => queue.running,
    oldestAgeMs: queue.oldestAgeMs,
  };
};

const stopTooSlow = (name: string, deadlineMs: number, keys: readonly string[]): SlipwayError =>
  new SlipwayError(
    "DeadlineExceeded",
    `The loop ${name} still runs ${keys.length} key(s) ${deadlineMs} ms after it was told to stop; they were left behind.`,
    {
      fields: { loop: name, keys: keys.slice(0, 10) },
    },
  );
