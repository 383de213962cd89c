import { asSlipwayError, backoffDelayMs, type Clock, delay, type SlipwayError } from "@slipway/kernel";
import type { Feed } from "./feed.ts";
import { stableJson } from "./stable-json.ts";

export interface FeedOwnerOptions<K> {
  readonly feed: Feed<K>;
  /** The owner's own names of what should be in the feed now, for example `demo/web-1`. */
  readonly ids: () => Iterable<string>;
  /** What the feed should hold for one of them; undefined: nothing. Asked right before it is written. */
  readonly wanted: (id: string) => { readonly key: K; readonly value: unknown } | undefined;
  /** The owner's name of something found in the feed. */
  readonly idOf: (key: K, value: unknown) => string;
  /** The part of a value whose change is worth a message. Default: all of it. */
  readonly essence?: (value: unknown) => unknown;
}

const RETRY = { initialMs: 50, maxMs: 2_000 };

interface Written<K> {
  readonly key: K;
  readonly keyText: string;
  readonly essence: string;
}

/**
 * Keeps a compacted feed equal to what its owner's state says, and writes only differences. It remembers what the feed
 * holds: read from it at the start, and forgotten when the feed was lost. An id whose key changes (a pod of the same name
 * with another uid) has its old key removed first.
 */
export class FeedOwner<K> {
  readonly #options: FeedOwnerOptions<K>;
  readonly #written = new Map<string, Written<K>>();

  constructor(options: FeedOwnerOptions<K>) {
    this.#options = options;
  }

  /** Makes the whole feed right, then says that it is complete. */
  async restore(): Promise<void> {
    const { feed, idOf } = this.#options;
    this.#written.clear();
    for (const { key, value } of await feed.list()) this.#remember(idOf(key, value), key, value);
    for (const id of this.ids()) await this.reconcile(id);
    await feed.declareComplete();
  }

  /** Every id that may need writing: what should be there, and what is. */
  ids(): string[] {
    return [...new Set([...this.#options.ids(), ...this.#written.keys()])];
  }

  /** Makes the feed right for one id. */
  async reconcile(id: string): Promise<void> {
    const { feed, wanted } = this.#options;
    const before = this.#written.get(id);
    const now = wanted(id);
    if (before !== undefined && (now === undefined || before.keyText !== stableJson(now.key))) {
      await feed.remove(before.key);
      this.#written.delete(id);
    }
    // Asked again: while the old key was removed, the state may have moved on.
    const value = wanted(id);
    if (value === undefined || this.#essence(value.value) === this.#written.get(id)?.essence) return;
    await feed.put(value.key, value.value);
    this.#remember(id, value.key, value.value);
  }

  /**
   * Writes everything anew each time that the feed was lost. Ends with the signal. A bus that goes away in the middle is
   * waited for; `onRetry` hears of it.
   */
  async watchForLoss(signal: AbortSignal, clock: Clock, onRetry?: (error: SlipwayError) => void): Promise<void> {
    for await (const change of this.#options.feed.watch({}, signal)) {
      if (change.type !== "reset") continue;
      for (let attempt = 1; !signal.aborted; attempt++) {
        try {
          await this.restore();
          break;
        } catch (cause) {
          const error = asSlipwayError(cause);
          if (error.class !== "Transient") throw error;
          onRetry?.(error);
          await delay(backoffDelayMs(RETRY, attempt), signal, clock).catch(() => {});
        }
      }
    }
  }

  #remember(id: string, key: K, value: unknown): void {
    this.#written.set(id, { key, keyText: stableJson(key), essence: this.#essence(value) });
  }

  #essence(value: unknown): string {
    return stableJson(this.#options.essence === undefined ? value : this.#options.essence(value));
  }
}
