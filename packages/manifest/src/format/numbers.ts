/** Numbers and what bounds them. */
import type { Format } from "../schema/field.ts";
import { portName } from "./names.ts";

/** The largest 32-bit number: what a number field can hold. */
export const MAX_INT32 = 2_147_483_647;

/** Between `min` and `max`, both allowed. */
export const between =
  (min: number, max: number): Format<number> =>
  (value) =>
    value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`];

/** A port number. */
export const port: Format<number> = between(1, 65_535);

/** Zero or more. */
export const notNegative: Format<number> = (value) => (value >= 0 ? [] : ["must be greater than or equal to 0"]);

/** More than zero. */
export const positive: Format<number> = (value) => (value > 0 ? [] : ["must be greater than zero"]);

/** A port by its number or by its name. */
export const portOrName: Format<number | string> = (value) =>
  typeof value === "number" ? port(value) : portName(value);
