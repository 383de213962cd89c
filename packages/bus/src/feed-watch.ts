import { delay, linkedSignal } from "@slipway/kernel";
import { type FeedLayout, isTombstone } from "./feed-layout.ts";
import type { ReadStart, StreamMessage, StreamState, Transport } from "./transport.ts";

export type FeedChange<K> =
  | { readonly type: "put"; readonly key: K; readonly value: unknown }
  /** May name a key that was never put: tombstones stay for a while. */
  | { readonly type: "remove"; readonly key: K }
  | { readonly type: "caught-up" }
  | { readonly type: "reset" };

/** How often a watcher that has read everything looks whether an incomplete feed has become complete. */
const COMPLETE_POLL_MS = 500;

/** `Feed.watch`: its promises stand there. */
export async function* watchFeed<K>(
  transport: Transport,
  layout: FeedLayout<K>,
  filter: Partial<K>,
  signal: AbortSignal,
): AsyncGenerator<FeedChange<K>, void, undefined> {
  const place = new WatchPlace();
  while (!signal.aborted) {
    // Aborted to read the feed's state again, once an incomplete feed has become complete.
    const reading = linkedSignal(signal);
    const steps = transport.read({
      stream: layout.stream,
      subject: layout.subject(filter),
      begin: (state) => place.begin(state),
      signal: reading.signal,
    });
    let waiting = false;
    try {
      for await (const step of steps) {
        if (step.type === "opened") {
          if (place.takeReset()) yield { type: "reset" };
          place.opened(step.state, step.pending);
        } else {
          for (const message of step.messages) {
            if (!place.take(message)) continue;
            const key = layout.key(message.subject);
            if (key === undefined) continue;
            yield isTombstone(message)
              ? { type: "remove", key }
              : { type: "put", key, value: JSON.parse(message.text()) as unknown };
          }
        }
        if (place.takeCaughtUp()) yield { type: "caught-up" };
        else if (place.incomplete && !waiting) {
          waiting = true;
          abortWhenComplete(transport, layout.stream, reading);
        }
      }
      // Reading ends by itself only with the signal, or with the connection when the bus is closed.
      if (!reading.signal.aborted) return;
    } finally {
      reading.abort();
    }
  }
}

const abortWhenComplete = (transport: Transport, stream: string, reading: AbortController): void => {
  const wait = async () => {
    for (;;) {
      await delay(COMPLETE_POLL_MS, reading.signal, transport.clock);
      const state = await transport.streamState(stream).catch(() => undefined);
      if (state?.notes.complete === true) return;
    }
  };
  // The wait fails only by the end of the reading, which then needs no word.
  wait().then(
    () => reading.abort(),
    () => {},
  );
};

/** Where a watcher stands in its feed. */
class WatchPlace {
  /** The stream that `#sequence` counts in. */
  #identity: string | undefined;
  /** Everything up to here is known. */
  #sequence = 0;
  #lastAtOpening = 0;
  #pending = 0;
  #complete = false;
  #reset = false;
  #caughtUp = false;

  begin(state: StreamState): ReadStart {
    const first = this.#identity === undefined;
    const sameFeed =
      this.#identity === state.identity &&
      state.lastSequence >= this.#sequence &&
      (state.notes.purgedTo ?? 0) <= this.#sequence;
    if (sameFeed && this.#sequence > 0) return { from: "sequence", sequence: this.#sequence + 1 };
    if (!first && !sameFeed) this.#reset = true;
    return { from: "last-per-subject" };
  }

  /** True once after the feed was lost. */
  takeReset(): boolean {
    if (!this.#reset) return false;
    this.#reset = false;
    this.#caughtUp = false;
    this.#sequence = 0;
    return true;
  }

  opened(state: StreamState, pending: number): void {
    this.#identity = state.identity;
    this.#complete = state.notes.complete === true;
    this.#lastAtOpening = state.lastSequence;
    this.#read(pending);
  }

  /** False for a message that was seen before. */
  take(message: StreamMessage): boolean {
    const fresh = message.sequence > this.#sequence;
    if (fresh) this.#sequence = message.sequence;
    this.#read(message.pending);
    return fresh;
  }

  /** True once after all that was there is read, in a complete feed. */
  takeCaughtUp(): boolean {
    if (this.#caughtUp || this.#pending > 0 || !this.#complete) return false;
    this.#caughtUp = true;
    return true;
  }

  get incomplete(): boolean {
    return !this.#complete;
  }

  #read(pending: number): void {
    this.#pending = pending;
    // Nothing of the selection is left before the place where the stream ended when reading began.
    if (pending === 0) this.#sequence = Math.max(this.#sequence, this.#lastAtOpening);
  }
}
