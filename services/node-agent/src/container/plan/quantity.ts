const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][-+]?\d+)?$/;
const POWERS: Readonly<Record<string, number>> = {
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

/** The number that a quantity stands for (cores, bytes); 0 for one that is absent or not understood. */
export const quantity = (value: unknown): number => {
  if (typeof value === "number") return Number.isFinite(value) ? value : 0;
  const match = typeof value === "string" ? QUANTITY.exec(value) : null;
  if (match === null) return 0;
  const [, digits = "", suffix = ""] = match;
  const power = POWERS[suffix];
  return power === undefined ? Number(`${digits}${suffix}`) : Number(digits) * power;
};
