import { quoted } from "./problem.ts";
import type { Field, ListField, ObjectField, Report } from "./schema/field.ts";

type Plain = Readonly<Record<string, unknown>>;

const show = (value: unknown): string => (typeof value === "string" ? quoted(value) : JSON.stringify(value));

const nested =
  (report: Report, prefix: string): Report =>
  (path, message) =>
    report(`${prefix}${path}`, message);

const checkFormat = <T>(format: ((value: T) => readonly string[]) | undefined, value: T, report: Report): void => {
  for (const message of format?.(value) ?? []) report("", `Invalid value: ${show(value)}: ${message}`);
};

const checkList = (field: ListField, value: readonly unknown[], report: Report): void => {
  const { items, uniqueBy } = field;
  const seen = new Set<unknown>();
  for (const [index, item] of value.entries()) {
    const at = nested(report, `[${index}]`);
    check(items, item, at);
    if (uniqueBy === undefined) continue;
    const key = (item as Plain)[uniqueBy];
    if (key !== undefined && seen.has(key)) at(`.${uniqueBy}`, `Duplicate value: ${show(key)}`);
    seen.add(key);
  }
};

const checkObject = (field: ObjectField, value: Plain, report: Report): void => {
  for (const [name, inner] of field.entries) {
    const item = value[name];
    const at = nested(report, `.${name}`);
    if (item !== undefined) check(inner, item, at);
    else if (inner.required) at("", "Required value");
  }
  if (field.oneOf) {
    const given = field.oneOf.members.filter((name) => value[name] !== undefined).length;
    if (given > 1) report("", field.oneOf.several);
    if (given === 0 && field.oneOf.missing !== undefined) report("", field.oneOf.missing);
  }
  field.check?.(value as never, report);
};

/** Tells everything that is wrong in a value that has its shape and its defaults; paths are relative: `.name`. */
export const check = (field: Field, value: unknown, report: Report): void => {
  switch (field.type) {
    case "string": {
      const text = value as string;
      if (field.values && !field.values.includes(text)) {
        const supported = field.values.map((known) => JSON.stringify(known)).join(", ");
        report("", `Unsupported value: ${show(text)}: supported values: ${supported}`);
      }
      if (text !== "" || !field.keepEmpty) checkFormat(field.format, text, report);
      return;
    }
    case "integer":
      checkFormat(field.format, value as number, report);
      return;
    case "intOrString":
      if (field.required && (value === "" || value === 0)) report("", "Required value");
      else checkFormat(field.format, value as number | string, report);
      return;
    case "list": {
      const items = value as readonly unknown[];
      if (field.required && items.length === 0) report("", "Required value");
      checkList(field, items, report);
      return;
    }
    case "map":
      field.check?.(value as Readonly<Record<string, never>>, report);
      return;
    case "object":
      checkObject(field, value as Plain, report);
      return;
    default:
      return;
  }
};
