import type { Field } from "./schema/field.ts";
import { isPlain } from "./shape.ts";

/** Sets every default that is missing in `value`, in place: fixed ones first, then those that follow from others. */
export const fill = (field: Field, value: unknown): void => {
  if (field.type === "list" && Array.isArray(value)) {
    for (const item of value) fill(field.items, item);
    return;
  }
  if (field.type !== "object" || !isPlain(value)) return;
  const target = value as Record<string, unknown>;
  for (const [name, inner] of field.entries) {
    if (target[name] !== undefined) fill(inner, target[name]);
    else if ("default" in inner && inner.default !== undefined) target[name] = inner.default;
  }
  field.complete?.(target as never);
};
