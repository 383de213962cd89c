import { abortable, type Clock } from "@slipway/kernel";

/** Tells waiting readers that the log may have grown. A hint: they look for themselves. */
export class HeadSignal {
  readonly #listeners = new Set<() => void>();
  #head = 0;
  #nudges = 0;

  /** How many nudges there have been: note it before you look, and give it to `after`. */
  get count(): number {
    return this.#nudges;
  }

  /** The log has reached `head`. Known already (our own append, told again by Postgres): nothing happens. */
  reached(head: number): void {
    if (head <= this.#head) return;
    this.#head = head;
    this.#wake();
  }

  /** Something may have been missed, or the log be another one: everybody looks again. */
  unknown(): void {
    this.#head = 0;
    this.#wake();
  }

  /** Calls `listener` at every nudge, until the returned end is called. */
  subscribe(listener: () => void): () => void {
    // Wrapped, so that one function may subscribe twice and end each alone.
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Resolves as soon as there have been more than `count` nudges, or after `atMostMs`. */
  after(count: number, atMostMs: number, signal: AbortSignal, clock: Clock): Promise<void> {
    if (this.#nudges > count) return Promise.resolve();
    return abortable(signal, (resolve) => {
      const end = () => {
        unsubscribe();
        timer.cancel();
      };
      const wake = () => {
        end();
        resolve();
      };
      const unsubscribe = this.subscribe(wake);
      const timer = clock.schedule(atMostMs, wake);
      return end;
    });
  }

  #wake(): void {
    this.#nudges++;
    for (const listener of [...this.#listeners]) listener();
  }
}
