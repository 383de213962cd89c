import type { Entry } from "./entry.ts";
import { LabelIndex } from "./label-index.ts";
import type { Index, Row } from "./row.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * The objects of one kind. Only live ones are handed out; versions are known for every stream that ever had an event.
 * A listing follows the table while it is read: copy it before anything is awaited.
 */
export interface Table<S> {
  get(project: string, name: string): Entry<S> | undefined;
  /** 0: the stream never had an event. Also answers for objects that are gone. */
  version(project: string, name: string): number;
  list(project?: string): Iterable<Entry<S>>;
  count(project?: string): number;
  /** Those whose labels hold every pair of the selector; an empty selector selects all. */
  select(project: string | undefined, selector: Labels): Iterable<Entry<S>>;
  byUid(uid: string): Entry<S> | undefined;
}

/** What a table must know of its kind. */
export interface TableKind<S> {
  readonly metadata: (state: S) => { readonly uid?: string; readonly labels?: Labels } | undefined;
  readonly indexes?: readonly Index<S>[];
}

/** A stream whose object is gone: its version, and its state where that still remembers something. */
export type Remains = number | { readonly version: number; readonly state: unknown };

/** A table with its indexes. An event costs what it changes, never the size of the table. */
export class MutableTable<S> implements Table<S> {
  readonly #kind: TableKind<S>;
  readonly #labels: LabelIndex<S>;
  /** project -> name -> row, live ones. */
  readonly #live = new Map<string, Map<string, Row<S>>>();
  /** project -> name -> remains. */
  readonly #gone = new Map<string, Map<string, Remains>>();
  readonly #byUid = new Map<string, Row<S>>();
  #count = 0;

  constructor(kind: TableKind<S>) {
    this.#kind = kind;
    this.#labels = new LabelIndex((state) => kind.metadata(state)?.labels);
  }

  get(project: string, name: string): Entry<S> | undefined {
    return this.#live.get(project)?.get(name)?.entry;
  }

  /** What is left of a stream whose object is gone. */
  remains(project: string, name: string): Remains | undefined {
    return this.#gone.get(project)?.get(name);
  }

  version(project: string, name: string): number {
    const live = this.get(project, name);
    if (live !== undefined) return live.version;
    const remains = this.remains(project, name);
    return typeof remains === "number" ? remains : (remains?.version ?? 0);
  }

  *list(project?: string): Generator<Entry<S>, void, undefined> {
    const projects = project === undefined ? this.#live.values() : [this.#live.get(project) ?? []];
    for (const rows of projects) for (const [, row] of rows) yield row.entry;
  }

  count(project?: string): number {
    return project === undefined ? this.#count : (this.#live.get(project)?.size ?? 0);
  }

  *select(project: string | undefined, selector: Labels): Generator<Entry<S>, void, undefined> {
    if (Object.keys(selector).length === 0) yield* this.list(project);
    else if (project !== undefined) yield* this.#labels.select(project, selector);
    else for (const one of this.#live.keys()) yield* this.#labels.select(one, selector);
  }

  byUid(uid: string): Entry<S> | undefined {
    return this.#byUid.get(uid)?.entry;
  }

  /** Puts an object's new state. */
  put(entry: Entry<S>): void {
    const { project, name } = entry;
    const row = this.#live.get(project)?.get(name);
    if (row === undefined) {
      this.#insert(entry);
      return;
    }
    const before = row.entry;
    row.entry = entry;
    this.#index(row, before, entry);
  }

  /** Takes an object out; its stream's version stays known. */
  remove(project: string, name: string, remains: Remains): void {
    const rows = this.#live.get(project);
    const row = rows?.get(name);
    if (rows !== undefined && row !== undefined) {
      rows.delete(name);
      if (rows.size === 0) this.#live.delete(project);
      this.#count--;
      this.#index(row, row.entry, undefined);
    }
    const gone = this.#gone.get(project);
    if (gone === undefined) this.#gone.set(project, new Map([[name, remains]]));
    else gone.set(name, remains);
  }

  /** Streams whose object is gone, as `[project, name, remains]`. */
  *allRemains(): Generator<readonly [string, string, Remains], void, undefined> {
    for (const [project, names] of this.#gone) for (const [name, remains] of names) yield [project, name, remains];
  }

  #insert(entry: Entry<S>): void {
    const { project, name } = entry;
    const row: Row<S> = { entry };
    const rows = this.#live.get(project);
    if (rows === undefined) this.#live.set(project, new Map([[name, row]]));
    else rows.set(name, row);
    const gone = this.#gone.get(project);
    if (gone?.delete(name) && gone.size === 0) this.#gone.delete(project);
    this.#count++;
    this.#index(row, undefined, entry);
  }

  #index(row: Row<S>, before: Entry<S> | undefined, after: Entry<S> | undefined): void {
    const from = before && this.#kind.metadata(before.state)?.uid;
    const to = after && this.#kind.metadata(after.state)?.uid;
    if (from !== to) {
      if (from !== undefined && this.#byUid.get(from) === row) this.#byUid.delete(from);
      if (to !== undefined) this.#byUid.set(to, row);
    }
    this.#labels.update(row, before, after);
    for (const index of this.#kind.indexes ?? []) index.update(row, before, after);
  }
}
