import { check } from "./check.ts";
import { fill } from "./fill.ts";
import type { KindObject } from "./kind-object.ts";
import { MAX_PROBLEMS, type Problem, type Warning } from "./problem.ts";
import { resolveKind } from "./resolve-kind.ts";
import { schemaOf } from "./schema/registry.ts";
import { isPlain, type ShapeContext, shape, type ValidationMode } from "./shape.ts";

/** How strict to be, and where objects without a namespace belong. */
export interface ValidateOptions {
  readonly validation: ValidationMode;
  /** The project of namespaced objects that name none. */
  readonly project?: string;
}

/** A typed object with its defaults, or what is wrong with it. */
export interface Validated {
  /** Only to be used when there are no problems. */
  readonly object: KindObject;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** True when one path is the other or lies inside it. */
const related = (a: string, b: string): boolean => {
  const [outer, inner] = a.length <= b.length ? [a, b] : [b, a];
  if (!inner.startsWith(outer)) return false;
  const next = inner[outer.length];
  return next === undefined || next === "." || next === "[" || outer === "";
};

/** Validates one object that came as plain data, from a manifest or from the API: the same rules for both. */
export const validateObject = (object: unknown, options: ValidateOptions): Validated => {
  const refused = (problem: Problem): Validated => ({
    object: object as KindObject,
    problems: [problem],
    warnings: [],
  });
  if (!isPlain(object))
    return refused({ code: "Invalid", path: "", message: "expected an object with kind and apiVersion" });
  const resolved = resolveKind(object);
  if ("problem" in resolved) return refused(resolved.problem);

  const { kind, apiVersion, namespaced } = resolved;
  const schema = schemaOf(kind);
  const context: ShapeContext = { mode: options.validation, problems: [], warnings: [] };
  const { apiVersion: _, kind: __, ...rest } = object;
  const shaped = shape(schema, { apiVersion, kind, ...rest }, {}, "", context) as KindObject;
  if (!namespaced) delete shaped.metadata?.namespace;
  else if (options.project && shaped.metadata) shaped.metadata.namespace ??= options.project;
  fill(schema, shaped);

  const misshaped = [...context.problems];
  check(schema, shaped, (path, message) => {
    if (context.problems.length >= MAX_PROBLEMS) return;
    const at = path.startsWith(".") ? path.slice(1) : path;
    // What could not be read is told once, not again as missing.
    if (misshaped.some((problem) => related(problem.path, at))) return;
    const code = message.endsWith("not supported yet") ? "NotSupportedYet" : "Invalid";
    context.problems.push({ code, path: at, message });
  });
  return { object: shaped, problems: context.problems, warnings: context.warnings };
};

/** A copy of an object with every default that was absent. */
export const applyDefaults = <T extends KindObject>(object: T): T => {
  const copy = structuredClone(object);
  fill(schemaOf(copy.kind), copy);
  return copy;
};
