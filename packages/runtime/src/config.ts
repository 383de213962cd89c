import { readFileSync } from "node:fs";
import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import type { z } from "zod";
import { envValue } from "./env-value.ts";
import { nearest } from "./nearest.ts";

const PREFIX = "SLIPWAY_";

/** Variables that every process may see, whatever its schema: they are set for a whole installation. */
const SHARED_VARIABLES: readonly string[] = ["SLIPWAY_HOME", "SLIPWAY_INSTANCE"];

export type Environment = Readonly<Record<string, string | undefined>>;

/** `natsUrl` is read from `SLIPWAY_NATS_URL`. */
export const variableName = (field: string): string =>
  PREFIX + field.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();

/**
 * Reads a service's settings from its environment, once, into a frozen object. Each field `fooBar` of the schema is
 * the variable `SLIPWAY_FOO_BAR`, or the content of the file that `SLIPWAY_FOO_BAR_FILE` names (for secrets; one
 * newline at its end is dropped). An empty variable counts as not set.
 *
 * Throws one `InvalidConfig` with every problem at once: values that the schema refuses, files that cannot be read,
 * and `SLIPWAY_*` variables that mean nothing here, each with the name that was probably meant.
 */
export const readConfig = <Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, "utf8"),
): Readonly<z.output<Schema>> => {
  const problems: FieldProblem[] = [];
  const input: Record<string, unknown> = {};
  const known = new Set(SHARED_VARIABLES);

  for (const [field, fieldSchema] of Object.entries<z.ZodType>(schema.shape)) {
    const variable = variableName(field);
    known.add(variable);
    const text = env[variable] || undefined;
    const fileVariable = `${variable}_FILE`;
    // A field of its own called `…File` wins over the file of another field.
    const file = fileVariableIsField(schema, fileVariable) ? undefined : env[fileVariable] || undefined;
    known.add(fileVariable);
    if (text !== undefined && file !== undefined) {
      problems.push({ path: variable, message: `is given twice, by ${variable} and by ${fileVariable}: keep one` });
    } else if (text !== undefined) {
      input[field] = envValue(fieldSchema, text);
    } else if (file !== undefined) {
      try {
        input[field] = envValue(fieldSchema, readFile(file).replace(/\r?\n$/, ""));
      } catch (error) {
        problems.push({ path: fileVariable, message: `names a file that cannot be read: ${reasonOf(error)}` });
      }
    }
  }

  for (const name of Object.keys(env)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue;
    const meant = nearest(
      name,
      [...known].filter((candidate) => !candidate.endsWith("_FILE")),
    );
    problems.push({ path: name, message: `is no setting of this service${meant ? `; did you mean ${meant}?` : ""}` });
  }

  const result = schema.safeParse(input);
  for (const issue of result.error?.issues ?? []) {
    const field = String(issue.path[0] ?? "");
    const path = field === "" ? "the settings" : variableName(field);
    if (problems.some((problem) => problem.path === path || problem.path === `${path}_FILE`)) continue;
    const missing = !(field in input) && issue.code === "invalid_type";
    problems.push({
      path,
      message: missing ? "is required" : `is not valid: ${issue.message.replace(/^Invalid (input|option): /, "")}`,
    });
  }
  if (!result.success || problems.length > 0) throw invalidConfig(problems);
  return Object.freeze(result.data);
};

const fileVariableIsField = (schema: z.ZodObject, fileVariable: string): boolean =>
  Object.keys(schema.shape).some((field) => variableName(field) === fileVariable);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const invalidConfig = (problems: readonly FieldProblem[]): SlipwayError =>
  new SlipwayError(
    "InvalidConfig",
    `The settings are not valid: ${problems.map(({ path, message }) => `${path} ${message}`).join("; ")}.`,
    { problems },
  );

const MASK = "***";

/** The settings for people's eyes: secrets, and passwords inside URLs, are masked. An empty secret stays visible as such. */
export const maskedConfig = (
  config: Readonly<Record<string, unknown>>,
  secretKeys: readonly string[],
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      secretKeys.includes(key) && value !== undefined && value !== "" ? MASK : withoutPasswords(value),
    ]),
  );

const withoutPasswords = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPasswords);
  return typeof value === "string" ? value.replace(/(:\/\/[^:/?#\s]*:)[^@/\s]+@/g, `$1${MASK}@`) : value;
};
