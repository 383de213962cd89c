/** Milliseconds of each unit, in Go's notation. */
const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `90s`, `1h30m`, `250ms`, `7d` or a bare number of seconds; `undefined` when it is none of them. */
export const parseDurationMs = (text: string): number | undefined => {
  if (/^[0-9]+$/.test(text)) return Number(text) * 1000;
  if (!/^(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let totalMs = 0;
  for (const [, number, unit] of text.matchAll(/([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(number) * (UNITS_MS[unit ?? ""] ?? 0);
  }
  return Math.round(totalMs);
};
