import type { Entry } from "./entry.ts";
import type { Index, Row } from "./row.ts";

/** Live objects by one key of theirs. An event that leaves the key alone costs the making of the key only. */
export class GroupIndex<S> implements Index<S> {
  readonly #keyOf: (entry: Entry<S>) => string | undefined;
  readonly #source: ((state: S) => unknown) | undefined;
  readonly #groups = new Map<string, Set<Row<S>>>();

  /**
   * `keyOf` answers undefined for an object that is in no group. `source` is what the key is made of: while it stays
   * the same value, so does the key.
   */
  constructor(keyOf: (entry: Entry<S>) => string | undefined, source?: (state: S) => unknown) {
    this.#keyOf = keyOf;
    this.#source = source;
  }

  *get(key: string): Generator<Entry<S>, void, undefined> {
    for (const row of this.#groups.get(key) ?? []) yield row.entry;
  }

  count(key: string): number {
    return this.#groups.get(key)?.size ?? 0;
  }

  update(row: Row<S>, before: Entry<S> | undefined, after: Entry<S> | undefined): void {
    if (this.#source !== undefined && before !== undefined && after !== undefined) {
      if (this.#source(before.state) === this.#source(after.state)) return;
    }
    const from = before && this.#keyOf(before);
    const to = after && this.#keyOf(after);
    if (from === to) return;
    if (from !== undefined) {
      const rows = this.#groups.get(from);
      rows?.delete(row);
      if (rows?.size === 0) this.#groups.delete(from);
    }
    if (to === undefined) return;
    const rows = this.#groups.get(to);
    if (rows === undefined) this.#groups.set(to, new Set([row]));
    else rows.add(row);
  }
}
