import type { Feed } from "@slipway/bus";
import { asSlipwayError, backoffDelayMs, type Clock, deferred, delay } from "@slipway/kernel";
import type { Logger } from "@slipway/runtime";

export interface FeedViewOptions<K, V> {
  readonly name: string;
  readonly feed: Pick<Feed<K>, "watch">;
  readonly filter: Partial<K>;
  readonly keyText: (key: K) => string;
  /** Answers nothing for a value that is not understood, which is then left out. */
  readonly read: (value: unknown, key: K) => V | undefined;
  /** After each change, and with every key that a new start of the feed took away. */
  readonly onChange: (key: string) => void;
  /** After each `caught-up`. */
  readonly onCaughtUp: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What this node knows of a feed. Values may be put in before the feed is heard (from a file); a key that the feed
 * does not name is dropped only once the feed has been read whole, after the start and after each reset.
 */
export interface FeedView<V> {
  get(key: string): V | undefined;
  entries(): Iterable<readonly [string, V]>;
  values(): Iterable<V>;
  /** A value known from elsewhere, until the feed says better. */
  seed(key: string, value: V): void;
  /** True while the absence of a key means that it is gone. */
  readonly complete: boolean;
  /** Resolves at the first `caught-up`. */
  readonly caughtUp: Promise<void>;
  /** Reads the feed until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const RETRY = { initialMs: 200, maxMs: 10_000 };

export const feedView = <K, V>(options: FeedViewOptions<K, V>): FeedView<V> => {
  const { feed, filter, keyText, logger, clock } = options;
  const values = new Map<string, V>();
  let seen = new Set<string>();
  let complete = false;
  const first = deferred();

  const readOnce = async (signal: AbortSignal): Promise<void> => {
    for await (const change of feed.watch(filter, signal)) {
      switch (change.type) {
        case "put": {
          const key = keyText(change.key);
          const value = options.read(change.value, change.key);
          if (value === undefined) logger.warn({ feed: options.name, key }, "a value of the feed was not understood");
          else {
            values.set(key, value);
            seen.add(key);
            options.onChange(key);
          }
          break;
        }
        case "remove": {
          const key = keyText(change.key);
          seen.delete(key);
          values.delete(key);
          options.onChange(key);
          break;
        }
        case "reset":
          complete = false;
          seen = new Set();
          break;
        case "caught-up": {
          complete = true;
          const gone = [...values.keys()].filter((key) => !seen.has(key));
          for (const key of gone) values.delete(key);
          for (const key of gone) options.onChange(key);
          first.resolve();
          options.onCaughtUp();
          break;
        }
        default:
          change satisfies never;
      }
    }
  };

  return {
    get: (key) => values.get(key),
    entries: () => values.entries(),
    values: () => values.values(),
    seed: (key, value) => {
      if (!values.has(key)) values.set(key, value);
    },
    get complete() {
      return complete;
    },
    caughtUp: first.promise,
    run: async (signal) => {
      for (let failures = 0; !signal.aborted; ) {
        try {
          await readOnce(signal);
          failures = 0;
        } catch (cause) {
          if (signal.aborted) return;
          failures++;
          logger.warn(
            { feed: options.name, error: asSlipwayError(cause) },
            "a feed could not be read and is tried again",
          );
          complete = false;
          seen = new Set();
          await delay(backoffDelayMs(RETRY, failures), signal, clock).catch(() => {});
        }
      }
    },
  };
};
