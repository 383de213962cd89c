import { type Deferred, deferred, raceSignal, type SlipwayError } from "@slipway/kernel";

interface Waiter {
  readonly position: number;
  readonly reached: Deferred<void>;
}

/** Callers that wait for the fold to reach a position. */
export class Waiters {
  readonly #waiters = new Set<Waiter>();
  #ended: SlipwayError | undefined;

  /** Resolves with `reached`; rejects with the signal's reason, or with what `end` was given. */
  async wait(position: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#ended !== undefined) throw this.#ended;
    const waiter: Waiter = { position, reached: deferred() };
    this.#waiters.add(waiter);
    try {
      await (signal === undefined ? waiter.reached.promise : raceSignal(waiter.reached.promise, signal));
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  reached(position: number): void {
    for (const waiter of this.#waiters) if (waiter.position <= position) waiter.reached.resolve();
  }

  /** Nothing more will be reached. */
  end(reason: SlipwayError): void {
    this.#ended = reason;
    for (const waiter of this.#waiters) waiter.reached.reject(reason);
  }
}
