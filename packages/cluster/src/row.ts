import type { Entry } from "./entry.ts";

/** Where a table keeps one live object: the row stays while its entries are replaced, so that indexes can hold it. */
export interface Row<S> {
  entry: Entry<S>;
}

/** Told of every change of a table's live objects, so that a question is answered without a scan. */
export interface Index<S> {
  /** `row.entry` is the present entry, or the last one when `after` is undefined. */
  update(row: Row<S>, before: Entry<S> | undefined, after: Entry<S> | undefined): void;
}
