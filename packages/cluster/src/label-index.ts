import { matchesSelector } from "@slipway/domain";
import type { Entry } from "./entry.ts";
import type { Index, Row } from "./row.ts";

type Labels = Readonly<Record<string, string>>;

const NO_LABELS: Labels = {};

/** Live objects of each project by each of their labels. An event that leaves the labels alone costs nothing. */
export class LabelIndex<S> implements Index<S> {
  readonly #labelsOf: (state: S) => Labels | undefined;
  /** project -> `key=value` -> rows */
  readonly #projects = new Map<string, Map<string, Set<Row<S>>>>();

  constructor(labelsOf: (state: S) => Labels | undefined) {
    this.#labelsOf = labelsOf;
  }

  /** The objects of one project that carry every label of the selector, which must not be empty. */
  *select(project: string, selector: Labels): Generator<Entry<S>, void, undefined> {
    for (const { entry } of this.#rarest(project, selector)) {
      if (matchesSelector(this.#labelsOf(entry.state) ?? NO_LABELS, selector)) yield entry;
    }
  }

  update(row: Row<S>, before: Entry<S> | undefined, after: Entry<S> | undefined): void {
    const from = (before && this.#labelsOf(before.state)) ?? NO_LABELS;
    const to = (after && this.#labelsOf(after.state)) ?? NO_LABELS;
    if (from === to) return;
    const { project } = row.entry;
    for (const key in from) if (to[key] !== from[key]) this.#remove(project, `${key}=${from[key]}`, row);
    for (const key in to) if (to[key] !== from[key]) this.#add(project, `${key}=${to[key]}`, row);
  }

  /** The rows with the label that the fewest carry: a superset of what the selector chooses. */
  #rarest(project: string, selector: Labels): Iterable<Row<S>> {
    let rarest: ReadonlySet<Row<S>> | undefined;
    for (const key in selector) {
      const rows = this.#projects.get(project)?.get(`${key}=${selector[key]}`);
      if (rows === undefined) return [];
      if (rarest === undefined || rows.size < rarest.size) rarest = rows;
    }
    return rarest ?? [];
  }

  #add(project: string, label: string, row: Row<S>): void {
    let labels = this.#projects.get(project);
    if (labels === undefined) {
      labels = new Map();
      this.#projects.set(project, labels);
    }
    const rows = labels.get(label);
    if (rows === undefined) labels.set(label, new Set([row]));
    else rows.add(row);
  }

  #remove(project: string, label: string, row: Row<S>): void {
    const labels = this.#projects.get(project);
    const rows = labels?.get(label);
    rows?.delete(row);
    if (rows?.size === 0) labels?.delete(label);
    if (labels?.size === 0) this.#projects.delete(project);
  }
}
