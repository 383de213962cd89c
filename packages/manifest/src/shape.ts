import { isDeepStrictEqual } from "node:util";
import { parseQuantity } from "@slipway/domain";
import { QUANTITY_MESSAGE } from "./format/quantity.ts";
import { MAX_PROBLEMS, type Problem, quoted, type Warning } from "./problem.ts";
import type { Field, LaterField, ListField, MapField, ObjectField, StringField } from "./schema/field.ts";

/** What to do with fields that a kind does not have, or that are not built yet. */
export type ValidationMode =
  /** A field that the kind does not have is a warning, one that is not built yet is refused. */
  | "warn"
  /** Both are refused. */
  | "strict"
  /** Both are dropped without a word. */
  | "ignore";

/** Where `shape` tells what it met. */
export interface ShapeContext {
  readonly mode: ValidationMode;
  readonly problems: Problem[];
  readonly warnings: Warning[];
}

/** Deeper than this no manifest goes. */
const MAX_DEPTH = 64;

type Plain = Readonly<Record<string, unknown>>;

/** True for a map of YAML or JSON, as opposed to a list or a scalar. */
export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const describe = (value: unknown): string => {
  if (Array.isArray(value)) return "list";
  if (value === null) return "null";
  if (typeof value === "string") return `string ${quoted(value)}`;
  return typeof value === "object" ? "map" : `${typeof value} ${String(value)}`;
};

const child = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const tell = (context: ShapeContext, problem: Problem): undefined => {
  if (context.problems.length < MAX_PROBLEMS) context.problems.push(problem);
  return undefined;
};

const mistyped = (expected: string, value: unknown, path: string, context: ShapeContext): undefined =>
  tell(context, { code: "Invalid", path, message: `expected ${expected}, got ${describe(value)}` });

const isEmpty = (value: unknown): boolean =>
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isPlain(value) && Object.values(value).every((inner) => inner === null));

const shapeLater = (
  field: LaterField,
  value: unknown,
  parent: Plain,
  path: string,
  context: ShapeContext,
): undefined => {
  if (!field.emptyMeans && isEmpty(value)) return undefined;
  if (field.accepts.some((accepted) => isDeepStrictEqual(accepted, value))) return undefined;
  if (field.acceptsIf?.(value, parent) || context.mode === "ignore") return undefined;
  return tell(context, { code: "NotSupportedYet", path, message: "not supported yet" });
};

const shapeString = (field: StringField, value: unknown, path: string, context: ShapeContext): string | undefined => {
  if (typeof value !== "string") return mistyped("string", value, path, context);
  if (value === "" && !field.keepEmpty) return undefined;
  if (field.later?.includes(value)) {
    if (context.mode === "ignore") return undefined;
    const supported = (field.values ?? []).map((known) => JSON.stringify(known)).join(", ");
    const message = `${JSON.stringify(value)} is not supported yet; supported values: ${supported}`;
    return tell(context, { code: "NotSupportedYet", path, message });
  }
  return value;
};

const shapeInteger = (value: unknown, path: string, context: ShapeContext): number | undefined => {
  if (typeof value !== "number" || !Number.isInteger(value)) return mistyped("integer", value, path, context);
  if (Math.abs(value) <= 2_147_483_647) return value;
  const message = `Invalid value: ${value}: must be between -2147483647 and 2147483647, inclusive`;
  return tell(context, { code: "Invalid", path, message });
};

const shapeQuantity = (value: unknown, path: string, context: ShapeContext): string | number | undefined => {
  if (typeof value !== "string" && typeof value !== "number") return mistyped("quantity", value, path, context);
  if (parseQuantity(value) !== undefined) return value;
  const shown = typeof value === "string" ? quoted(value) : String(value);
  return tell(context, { code: "Invalid", path, message: `Invalid value: ${shown}: ${QUANTITY_MESSAGE}` });
};

const shapeList = (field: ListField, value: unknown, path: string, context: ShapeContext, depth: number) => {
  if (!Array.isArray(value)) return mistyped("list", value, path, context);
  const items: unknown[] = [];
  for (const [index, item] of value.entries()) {
    const at = `${path}[${index}]`;
    const shaped =
      item === null
        ? mistyped(field.items.type === "object" ? "map" : field.items.type, item, at, context)
        : shape(field.items, item, value as never, at, context, depth);
    // A string that is dropped for being empty still holds its place in the list.
    if (shaped !== undefined || field.items.type !== "object") items.push(shaped ?? "");
  }
  return items;
};

const shapeMap = (field: MapField, value: unknown, path: string, context: ShapeContext, depth: number) => {
  if (!isPlain(value)) return mistyped("map", value, path, context);
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    // Go reads a null in a map of strings as the empty string, and so do we.
    const given = item === null && field.values.type === "string" ? "" : item;
    const shaped = shape(field.values, given, value, `${path}[${key}]`, context, depth);
    if (shaped !== undefined) entries.push([key, shaped]);
  }
  return Object.fromEntries(entries);
};

const reportUnknown = (field: ObjectField, name: string, path: string, context: ShapeContext): void => {
  if (context.mode === "ignore") return;
  const meant = field.entries.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[0];
  const message = meant === undefined ? "unknown field" : `unknown field; did you mean ${JSON.stringify(meant)}?`;
  if (context.mode === "strict") tell(context, { code: "UnknownField", path: child(path, name), message });
  else if (context.warnings.length < MAX_PROBLEMS) context.warnings.push({ path: child(path, name), message });
};

const isBuilt = ([, field]: readonly [string, Field]): boolean => field.type !== "later" && field.type !== "dropped";

const shapeObject = (field: ObjectField, value: unknown, path: string, context: ShapeContext, depth: number) => {
  if (!isPlain(value)) return mistyped("map", value, path, context);
  const result: Record<string, unknown> = {};
  let wasGiven = false;
  for (const name of Object.keys(value)) {
    const item = value[name];
    const known = Object.hasOwn(field.fields, name) ? field.fields[name] : undefined;
    if (known === undefined) {
      reportUnknown(field, name, path, context);
      continue;
    }
    if (item === null || item === undefined) continue;
    wasGiven ||= field.oneOf?.members.includes(name) ?? false;
    const shaped = shape(known, item, value, child(path, name), context, depth);
    if (shaped !== undefined) result[name] = shaped;
  }
  for (const [name, inner] of field.entries) {
    if (inner.type !== "object" || !inner.implied || isPlain(value[name])) continue;
    if (value[name] === undefined || value[name] === null) {
      result[name] = shape(inner, {}, value, child(path, name), context, depth);
    }
  }
  if (!field.entries.some(isBuilt)) return undefined;
  // A choice whose only member was dropped for not being built leaves nothing that could be kept.
  const lost = context.mode === "ignore" && wasGiven && field.oneOf?.missing !== undefined && !field.implied;
  return lost && !field.oneOf?.members.some((name) => name in result) ? undefined : result;
};

/**
 * A copy of `value` that holds only fields that are built, each of the right type. What is of a wrong type, unknown or
 * not built yet is left out and told to `context`. The copy shares nothing with `value`.
 */
export const shape = (
  field: Field,
  value: unknown,
  parent: Plain,
  path: string,
  context: ShapeContext,
  depth = 0,
): unknown => {
  if (depth > MAX_DEPTH) return mistyped(`no more than ${MAX_DEPTH} levels`, value, path, context);
  switch (field.type) {
    case "string":
      return shapeString(field, value, path, context);
    case "integer":
      return shapeInteger(value, path, context);
    case "boolean":
      return typeof value === "boolean" ? value : mistyped("boolean", value, path, context);
    case "intOrString":
      return typeof value === "string" ? value : shapeInteger(value, path, context);
    case "quantity":
      return shapeQuantity(value, path, context);
    case "list":
      return shapeList(field, value, path, context, depth + 1);
    case "map":
      return shapeMap(field, value, path, context, depth + 1);
    case "object":
      return shapeObject(field, value, path, context, depth + 1);
    case "later":
      return shapeLater(field, value, parent, path, context);
    case "dropped":
      return undefined;
    default: {
      const never: never = field;
      return never;
    }
  }
};
