/** Which objects of one project carry a label. Kept up by differences, so that a change costs its own labels only. */
export class LabelIndex {
  /** project -> `key=value` -> names */
  readonly #names = new Map<string, Map<string, Set<string>>>();

  add(project: string, name: string, labels: Readonly<Record<string, string>>): void {
    for (const key in labels) this.#set(project, `${key}=${labels[key]}`).add(name);
  }

  remove(project: string, name: string, labels: Readonly<Record<string, string>>): void {
    const byLabel = this.#names.get(project);
    if (byLabel === undefined) return;
    for (const key in labels) {
      const label = `${key}=${labels[key]}`;
      const names = byLabel.get(label);
      names?.delete(name);
      if (names?.size === 0) byLabel.delete(label);
    }
    if (byLabel.size === 0) this.#names.delete(project);
  }

  /** The names that carry the rarest label of the selector: a superset of what it selects. */
  candidates(project: string, selector: Readonly<Record<string, string>>): Iterable<string> {
    let rarest: ReadonlySet<string> | undefined;
    for (const key in selector) {
      const names = this.#names.get(project)?.get(`${key}=${selector[key]}`);
      if (names === undefined) return [];
      if (rarest === undefined || names.size < rarest.size) rarest = names;
    }
    return rarest ?? [];
  }

  #set(project: string, label: string): Set<string> {
    let byLabel = this.#names.get(project);
    if (byLabel === undefined) {
      byLabel = new Map();
      this.#names.set(project, byLabel);
    }
    let names = byLabel.get(label);
    if (names === undefined) {
      names = new Set();
      byLabel.set(label, names);
    }
    return names;
  }
}
