import type { PodLive } from "@slipway/domain";
import type { Entry } from "./entry.ts";

const controllerUid = (state: PodLive): string | undefined =>
  state.pod.metadata?.ownerReferences?.find((owner) => owner.controller === true)?.uid;

/** A set of pods per key, without empty sets. */
class Grouped {
  readonly #groups = new Map<string, Set<string>>();

  add(group: string, key: string): void {
    const keys = this.#groups.get(group);
    if (keys === undefined) this.#groups.set(group, new Set([key]));
    else keys.add(key);
  }

  remove(group: string, key: string): void {
    const keys = this.#groups.get(group);
    if (keys?.delete(key) && keys.size === 0) this.#groups.delete(group);
  }

  get(group: string): Iterable<string> {
    return this.#groups.get(group) ?? [];
  }
}

/** The questions that the loops ask about pods, answered without a scan. Keys are `<project>/<name>`. */
export class PodIndexes {
  readonly onNode = new Grouped();
  readonly ownedBy = new Grouped();
  readonly orphansIn = new Grouped();
  readonly unscheduled = new Set<string>();
  readonly terminating = new Set<string>();

  update(before: Entry<PodLive> | undefined, after: Entry<PodLive> | undefined): void {
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#add(after);
  }

  #add({ project, name, state }: Entry<PodLive>): void {
    const key = `${project}/${name}`;
    const owner = controllerUid(state);
    if (state.node !== undefined) this.onNode.add(state.node, key);
    if (owner === undefined) this.orphansIn.add(project, key);
    else this.ownedBy.add(owner, key);
    if (state.phase === "unscheduled") this.unscheduled.add(key);
    if (state.phase === "terminating") this.terminating.add(key);
  }

  #remove({ project, name, state }: Entry<PodLive>): void {
    const key = `${project}/${name}`;
    const owner = controllerUid(state);
    if (state.node !== undefined) this.onNode.remove(state.node, key);
    if (owner === undefined) this.orphansIn.remove(project, key);
    else this.ownedBy.remove(owner, key);
    this.unscheduled.delete(key);
    this.terminating.delete(key);
  }
}
