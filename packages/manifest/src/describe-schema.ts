import type { Field } from "./schema/field.ts";
import { type ManifestKind, schemaOf } from "./schema/registry.ts";

/** What becomes of a field in a manifest. */
export type FieldState = "supported" | "accepted (no effect)" | "set by the server" | "not supported yet";

/** One field of a kind, for documentation. */
export interface FieldDescription {
  /** `spec.containers[].ports[].protocol` */
  readonly path: string;
  /** `string`, `integer`, `list of map`, … */
  readonly type: string;
  readonly state: FieldState;
  /** Default, allowed values, and values that are taken although the field is not built. */
  readonly note: string;
}

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

const noteOf = (field: Field): string => {
  const notes: string[] = [];
  if (field.required) notes.push("required");
  if ("default" in field && field.default !== undefined) notes.push(`default ${code(field.default)}`);
  if (field.type === "string" && field.values) notes.push(field.values.map(code).join(", "));
  if (field.type === "string" && field.later) notes.push(`not supported yet: ${field.later.map(code).join(", ")}`);
  if (field.type === "later" && field.accepts.length > 0) {
    notes.push(`taken when it is ${field.accepts.map(code).join(" or ")}`);
  }
  return notes.join("; ");
};

const stateOf = (field: Field): FieldState => {
  if (field.type === "later") return "not supported yet";
  if (field.type === "dropped") return field.why === "server" ? "set by the server" : "accepted (no effect)";
  return "supported";
};

const typeOf = (field: Field): string => {
  if (field.type === "list") return `list of ${typeOf(field.items)}`;
  if (field.type === "map") return `map of ${typeOf(field.values)}`;
  if (field.type === "object") return "object";
  if (field.type === "intOrString") return "integer or string";
  return field.type === "later" || field.type === "dropped" ? "" : field.type;
};

function* walk(field: Field, path: string): Generator<FieldDescription> {
  if (field.type === "list" && field.items.type === "object") {
    yield* walk(field.items, `${path}[]`);
    return;
  }
  if (field.type !== "object") return;
  for (const [name, inner] of field.entries) {
    const at = path === "" ? name : `${path}.${name}`;
    const holdsFields = inner.type === "object" || (inner.type === "list" && inner.items.type === "object");
    if (!holdsFields || inner.required)
      yield { path: at, type: typeOf(inner), state: stateOf(inner), note: noteOf(inner) };
    yield* walk(inner, at);
  }
}

/** Every field that objects of a kind are known to have, and what becomes of each. */
export const describeSchema = (kind: ManifestKind): readonly FieldDescription[] => [...walk(schemaOf(kind), "")];
