import type { ObjectView } from "@slipway/cluster";
import type { KindInfo } from "@slipway/domain";
import { deterministicUuid } from "@slipway/kernel";

/** One thing to tell a watcher. */
export interface WatchedChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: { readonly kind?: string };
}

interface Known {
  readonly uid: string;
  /** A digest of what the reader was sent, so that what looks the same is not sent again. */
  readonly digest: string;
}

const keyOf = ({ metadata }: ObjectView): string => `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;

/** What one reader of a watch knows. Keeps a digest of each object, not the object. */
export class WatchedObjects {
  readonly #known = new Map<string, Known>();

  /**
   * What a reader hears first: all objects, or, when it knows the state at some position (`since`: the keys changed
   * after it), those that changed and those that are gone.
   */
  begin(kind: KindInfo, objects: readonly ObjectView[], since: ReadonlySet<string> | undefined): WatchedChange[] {
    const changes: WatchedChange[] = [];
    for (const object of objects) {
      const key = keyOf(object);
      this.#known.set(key, knownOf(object));
      if (since === undefined) changes.push({ type: "ADDED", object });
      else if (since.has(key)) changes.push({ type: "MODIFIED", object });
    }
    for (const key of since ?? []) {
      if (!this.#known.has(key)) changes.push({ type: "DELETED", object: remains(kind, key) });
    }
    return changes;
  }

  /** What to tell of an object that may have changed; `undefined` for `object`: it is gone, or no longer chosen. */
  update(kind: KindInfo, key: string, object: ObjectView | undefined): WatchedChange | undefined {
    const before = this.#known.get(key);
    if (object === undefined) {
      if (before === undefined) return undefined;
      this.#known.delete(key);
      return { type: "DELETED", object: remains(kind, key, before.uid) };
    }
    const now = knownOf(object);
    if (before?.digest === now.digest) return undefined;
    this.#known.set(key, now);
    return { type: before === undefined ? "ADDED" : "MODIFIED", object };
  }
}

const knownOf = (object: ObjectView): Known => ({
  uid: object.metadata?.uid ?? "",
  digest: deterministicUuid(JSON.stringify(object)),
});

/** What is left to say of an object that is gone. */
const remains = (kind: KindInfo, key: string, uid = ""): { kind: string } => {
  const [namespace = "", name = ""] = key.split("/");
  const metadata = { name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}) };
  return { ...{ apiVersion: kind.apiVersions[0], metadata }, kind: kind.kind };
};
