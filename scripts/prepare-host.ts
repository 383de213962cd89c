/**
 * What tests with real servers need of the host: the programs installed, an engine that answers and the platform's
 * images on it. An engine started here lives in a folder of its own and goes with `cleanHostAfterTests`.
 */

import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEngine } from "@slipway/containers";
import { ensureEngine } from "../cli/src/host/engine/ensure-engine.ts";
import { purgeEngine } from "../cli/src/host/engine/stop-engine.ts";
import { ensureImages } from "../cli/src/host/images/ensure-images.ts";
import { installMissing } from "../cli/src/host/install-missing.ts";

/** Kept between runs: making a root file system takes the longest of all. */
const home = join(tmpdir(), "slipway-tests");

const log = (line: string): void => console.log(`  ${line}`);

/** Installs, starts and makes what is missing. */
export const prepareHostForTests = async (): Promise<void> => {
  await installMissing({ log });
  await ensureEngine({ home, log });
  const engine = dockerEngine();
  try {
    await ensureImages({ engine, cacheFolder: join(home, "cache"), log });
  } finally {
    engine.close();
  }
};

/** Ends the engine that was started for the tests, with its data; one that was there before is left alone. */
export const cleanHostAfterTests = (): Promise<void> => purgeEngine(home, log);
