import { z } from "zod";

/**
 * Turns the text of an environment variable into what the field's schema expects: a number, `true`/`false`, a list
 * (split at commas) or the text itself. Text that is no such thing is handed on as it is, so that the schema says
 * what it wanted. (`z.coerce` would read "" as 0 and "false" as true.)
 */
export const envValue = (schema: z.ZodType, text: string): unknown => {
  const base = withoutWrappers(schema);
  if (base instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (base instanceof z.ZodBoolean)
    return text === "true" || text === "1" ? true : text === "false" || text === "0" ? false : text;
  if (base instanceof z.ZodArray) {
    const { element } = base;
    return text.split(",").map((item) => (element instanceof z.ZodType ? envValue(element, item.trim()) : item.trim()));
  }
  return text;
};

/** The schema inside `.default()`, `.optional()`, `.nullable()`, `.readonly()` and `.transform()`. */
const withoutWrappers = (schema: unknown): unknown => {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  ) {
    return withoutWrappers(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? withoutWrappers(schema.in) : schema;
};
