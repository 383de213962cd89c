import { UsageError } from "../usage-error.ts";

/** Reads `NAME=value` as `-e` takes it; the value may hold more equals signs, or nothing. */
export const parseEnvPairs = (pairs: readonly string[] = []): { name: string; value: string }[] =>
  pairs.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals <= 0) throw new UsageError(`"${pair}" is no variable: write NAME=value.`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
