/** Quantities: `500m`, `64Mi`, `1e3`, `0.5`, or a bare number. */

const QUANTITY = /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][-+]?[0-9]+)?$/;

const SCALE: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** What Kubernetes says of a text that is no quantity. */
export const QUANTITY_MESSAGE =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** The number that a quantity stands for, in its base unit (cores, bytes); `undefined` when it is none. */
export const parseQuantity = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = QUANTITY.exec(value);
  if (match === null) return undefined;
  const [, digits = "", suffix = ""] = match;
  const scale = SCALE[suffix];
  const number = scale === undefined ? Number(`${digits}${suffix}`) : Number(digits) * scale;
  return Number.isFinite(number) ? number : undefined;
};

/** Below, at or above zero as `a` is less than, equal to or more than `b`; `undefined` when one is no quantity. */
export const compareQuantities = (a: unknown, b: unknown): number | undefined => {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  return left === undefined || right === undefined ? undefined : left - right;
};
