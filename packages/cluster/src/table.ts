import { matchesSelector } from "@slipway/domain";
import type { Entry } from "./entry.ts";
import { LabelIndex } from "./label-index.ts";

/** The objects of one kind. Only live ones are handed out; versions are known for every stream that ever had an event. */
export interface Table<S> {
  get(project: string, name: string): Entry<S> | undefined;
  /** 0: the stream never had an event. Also answers for objects that are gone. */
  version(project: string, name: string): number;
  list(project?: string): Iterable<Entry<S>>;
  count(project?: string): number;
  /** Those whose labels hold every pair of the selector; an empty selector selects all. */
  select(project: string | undefined, selector: Readonly<Record<string, string>>): Iterable<Entry<S>>;
  byUid(uid: string): Entry<S> | undefined;
}

/** What a table must know of its kind. */
export interface TableKind<S> {
  readonly live: (state: S) => boolean;
  readonly metadata: (state: S) => { readonly uid?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** A stream's state, whether or not its object is live. */
export interface Slot<S> {
  stream: string;
  project: string;
  name: string;
  state: S;
  version: number;
  position: number;
  createdAt: number;
}

const NO_LABELS: Readonly<Record<string, string>> = {};

/** A table with its indexes. Each write costs the object's own labels, never the size of the table. */
export class MutableTable<S> implements Table<S> {
  readonly #kind: TableKind<S>;
  /** project -> name -> slot, live ones. */
  readonly #live = new Map<string, Map<string, Slot<S>>>();
  /** Streams whose object is gone: version, and what its state still remembers. */
  readonly #gone = new Map<string, Slot<S>>();
  readonly #byUid = new Map<string, Slot<S>>();
  readonly #labels = new LabelIndex();
  #count = 0;

  constructor(kind: TableKind<S>) {
    this.#kind = kind;
  }

  get(project: string, name: string): Entry<S> | undefined {
    return this.#live.get(project)?.get(name);
  }

  version(project: string, name: string): number {
    return this.slot(project, name)?.version ?? 0;
  }

  /** The state of a stream also when its object is gone. */
  slot(project: string, name: string): Slot<S> | undefined {
    return this.#live.get(project)?.get(name) ?? this.#gone.get(`${project}/${name}`);
  }

  *slots(): Iterable<Slot<S>> {
    for (const names of this.#live.values()) yield* names.values();
    yield* this.#gone.values();
  }

  *list(project?: string): Iterable<Entry<S>> {
    if (project !== undefined) yield* this.#live.get(project)?.values() ?? [];
    else for (const names of this.#live.values()) yield* names.values();
  }

  count(project?: string): number {
    return project === undefined ? this.#count : (this.#live.get(project)?.size ?? 0);
  }

  *select(project: string | undefined, selector: Readonly<Record<string, string>>): Iterable<Entry<S>> {
    if (Object.keys(selector).length === 0) {
      yield* this.list(project);
      return;
    }
    for (const one of project === undefined ? [...this.#live.keys()] : [project]) {
      for (const name of this.#labels.candidates(one, selector)) {
        const slot = this.get(one, name);
        if (slot !== undefined && matchesSelector(this.#labelsOf(slot.state), selector)) yield slot;
      }
    }
  }

  byUid(uid: string): Entry<S> | undefined {
    return this.#byUid.get(uid);
  }

  /** Puts a stream's new state; answers the live slots before and after, copies that later writes leave alone. */
  put(next: Slot<S>): { before: Slot<S> | undefined; after: Slot<S> | undefined } {
    const { project, name } = next;
    const before = this.#live.get(project)?.get(name);
    const after = this.#kind.live(next.state) ? next : undefined;
    if (before !== undefined) {
      this.#labels.remove(project, name, this.#labelsOf(before.state));
      const uid = this.#kind.metadata(before.state).uid;
      if (uid !== undefined && this.#byUid.get(uid) === before) this.#byUid.delete(uid);
    }
    if (after === undefined) {
      if (before !== undefined) {
        const names = this.#live.get(project);
        names?.delete(name);
        if (names?.size === 0) this.#live.delete(project);
        this.#count--;
      }
      this.#gone.set(`${project}/${name}`, next);
      return { before, after };
    }
    if (before === undefined) {
      this.#gone.delete(`${project}/${name}`);
      this.#count++;
    }
    let names = this.#live.get(project);
    if (names === undefined) {
      names = new Map();
      this.#live.set(project, names);
    }
    names.set(name, after);
    this.#labels.add(project, name, this.#labelsOf(after.state));
    const uid = this.#kind.metadata(after.state).uid;
    if (uid !== undefined) this.#byUid.set(uid, after);
    return { before, after };
  }

  #labelsOf(state: S): Readonly<Record<string, string>> {
    return this.#kind.metadata(state).labels ?? NO_LABELS;
  }
}
