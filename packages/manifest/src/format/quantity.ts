import { parseQuantity } from "@slipway/domain";

/** What Kubernetes says of a text that is no quantity. */
export const QUANTITY_MESSAGE =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Below, at or above zero as `a` is less than, equal to or more than `b`; `undefined` when one is no quantity. */
export const compareQuantities = (a: unknown, b: unknown): number | undefined => {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  return left === undefined || right === undefined ? undefined : left - right;
};
