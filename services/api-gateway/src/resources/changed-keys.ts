import { deferred, raceSignal } from "@slipway/kernel";

/** Keys that changed up to a position. */
export interface Changed {
  readonly keys: readonly string[];
  readonly position: number;
}

/** Keys that wait to be looked at, each once however often it changed: what a slow reader leaves behind stays small. */
export class ChangedKeys {
  #keys = new Set<string>();
  #position = 0;
  #news = deferred();

  /** The keys that changed up to `position`. */
  add(keys: Iterable<string>, position: number): void {
    this.#position = position;
    for (const key of keys) this.#keys.add(key);
    if (this.#keys.size > 0) this.#news.resolve();
  }

  /** All that wait, once there are any. */
  async take(signal: AbortSignal): Promise<Changed> {
    await raceSignal(this.#news.promise, signal);
    const taken = { keys: [...this.#keys], position: this.#position };
    this.#keys = new Set();
    this.#news = deferred();
    return taken;
  }
}
