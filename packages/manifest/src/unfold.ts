import { findKind } from "@slipway/domain";
import type { Problem } from "./problem.ts";
import { isPlain } from "./shape.ts";
import { UNBUILT_KINDS } from "./unbuilt-kinds.ts";

/** One object of a document and where in it the object stands: `items[2]`, or `""` for the document itself. */
export interface Unfolded {
  readonly object: unknown;
  readonly path: string;
  readonly keys: readonly (string | number)[];
  /** The list cannot be unfolded. */
  readonly problem?: Problem;
}

/** A List in a List in a List is somebody's mistake. */
const MAX_LISTS = 8;

/** The kind of a typed list's items: `Pod` of `PodList`, `""` of `List`; `undefined` when it is no list. */
const itemKind = (kind: unknown): string | undefined => {
  if (kind === "List") return "";
  if (typeof kind !== "string" || !kind.endsWith("List")) return undefined;
  const item = kind.slice(0, -"List".length);
  return findKind(item)?.kind === item || item === "Namespace" || UNBUILT_KINDS.includes(item) ? item : undefined;
};

/** Takes the objects out of a List, of a `PodList` and its like, and of lists inside them. Anything else stays as it is. */
export function* unfold(
  object: unknown,
  path = "",
  keys: readonly (string | number)[] = [],
  depth = 0,
): Generator<Unfolded> {
  const kind = isPlain(object) ? itemKind(object.kind) : undefined;
  if (!isPlain(object) || kind === undefined) {
    yield { object, path, keys };
    return;
  }
  const at = path === "" ? "items" : `${path}.items`;
  const { items } = object;
  if (items === undefined || items === null) return;
  if (!Array.isArray(items) || depth >= MAX_LISTS) {
    const message = Array.isArray(items) ? `Lists are nested more than ${MAX_LISTS} levels` : "expected list";
    yield { object, path, keys, problem: { code: "Invalid", path: "items", message } };
    return;
  }
  for (const [index, item] of items.entries()) {
    // The items of a PodList may leave out what the list says already.
    const whole =
      kind !== "" && isPlain(item)
        ? { ...item, kind: item.kind ?? kind, apiVersion: item.apiVersion ?? object.apiVersion }
        : item;
    yield* unfold(whole, `${at}[${index}]`, [...keys, "items", index], depth + 1);
  }
}
