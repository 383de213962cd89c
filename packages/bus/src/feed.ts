import { SlipwayError } from "@slipway/kernel";
import { type FeedLayout, isTombstone, tombstoneAtMs, tombstoneHeaders } from "./feed-layout.ts";
import { type FeedChange, watchFeed } from "./feed-watch.ts";
import type { StreamMessage, Transport } from "./transport.ts";

/** A compacted feed: the last value of each key. It can be rebuilt by its one owner, from the log. */
export interface Feed<K> {
  /** Resolves once the value is stored. */
  put(key: K, value: unknown): Promise<void>;
  /** Leaves a tombstone, so that watchers see it; `purgeTombstones` takes it away later. */
  remove(key: K): Promise<void>;
  /** Current values, without tombstones. */
  list(filter?: Partial<K>): Promise<readonly { readonly key: K; readonly value: unknown }[]>;
  /**
   * Current values first, then one `caught-up`, then changes; ends quietly with the signal. Goes on by itself after an
   * outage. When the feed was lost it says `reset` (forget what you know), then values again, then `caught-up`, which
   * it holds back until the feed's owner has declared the new feed complete: only from then on does the absence of a key mean
   * that it is gone.
   */
  watch(filter: Partial<K>, signal: AbortSignal): AsyncIterable<FeedChange<K>>;
  /** The owner's word that the feed holds the whole of its state: after its first full sync and after each `reset`. */
  declareComplete(): Promise<void>;
  /** The owner takes away tombstones older than `olderThanMs`; watchers that missed them start over. Answers how many. */
  purgeTombstones(olderThanMs: number): Promise<number>;
}

const LIST_TIMEOUT_MS = 10_000;

export const makeFeed = <K>(transport: Transport, layout: FeedLayout<K>): Feed<K> => {
  const put = async (key: K, text: string, headers: Record<string, string>) => {
    await transport.publish(layout.subject(key), text, { headers });
  };

  /** The last message of each key, tombstones included. */
  const current = async (filter: Partial<K>): Promise<StreamMessage[]> => {
    const stop = new AbortController();
    const timer = transport.clock.schedule(LIST_TIMEOUT_MS, () => stop.abort());
    const found = new Map<string, StreamMessage>();
    try {
      const steps = transport.read({
        stream: layout.stream,
        subject: layout.subject(filter),
        begin: () => ({ from: "last-per-subject" }),
        signal: stop.signal,
      });
      for await (const step of steps) {
        if (step.type === "opened") {
          found.clear();
          if (step.pending === 0) return [];
          continue;
        }
        for (const message of step.messages) found.set(message.subject, message);
        if (step.messages.some((message) => message.pending === 0)) return [...found.values()];
      }
    } finally {
      timer.cancel();
    }
    throw new SlipwayError("BusUnavailable", `The feed ${layout.stream} did not answer in time: try again.`);
  };

  return {
    put: (key, value) => put(key, JSON.stringify(value), {}),
    remove: (key) => put(key, "", tombstoneHeaders(transport.clock.now())),
    list: async (filter = {}) =>
      (await current(filter)).flatMap((message) => {
        const key = layout.key(message.subject);
        return key === undefined || isTombstone(message) ? [] : [{ key, value: JSON.parse(message.text()) as unknown }];
      }),
    watch: (filter, signal) => watchFeed(transport, layout, filter, signal),
    declareComplete: async () => {
      const state = await transport.streamState(layout.stream);
      if (state === undefined) {
        throw new SlipwayError("BusUnavailable", `The feed ${layout.stream} does not exist yet: try again.`);
      }
      if (state.notes.complete !== true) await transport.setNotes(layout.stream, { ...state.notes, complete: true });
    },
    purgeTombstones: async (olderThanMs) => {
      const before = transport.clock.now() - olderThanMs;
      const old = (await current({})).filter((message) => (tombstoneAtMs(message) ?? before) < before);
      const state = await transport.streamState(layout.stream);
      const purgedTo = Math.max(state?.notes.purgedTo ?? 0, ...old.map((message) => message.sequence));
      if (old.length > 0 && state !== undefined) await transport.setNotes(layout.stream, { ...state.notes, purgedTo });
      for (const message of old) await transport.deleteMessage(layout.stream, message.sequence);
      return old.length;
    },
  };
};
