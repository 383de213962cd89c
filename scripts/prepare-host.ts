/**
 * What tests with real servers need of the host: the programs installed, an engine that answers and the platform's
 * images on it. An engine started here lives in a folder of its own and goes with `cleanHostAfterTests`.
 */

import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEngine } from "@slipway/containers";
import { ensureEngine } from "../cli/src/host/engine/ensure-engine.ts";
import { purgeEngine } from "../cli/src/host/engine/stop-engine.ts";
import { ensureImages } from "../cli/src/host/images/ensure-images.ts";
import { removeImages } from "../cli/src/host/images/remove-images.ts";
import { installMissing } from "../cli/src/host/install-missing.ts";

const home = join(tmpdir(), "slipway-tests");

const log = (line: string): void => console.log(`  ${line}`);

/** Whether this run made images on an engine, which then go with it. */
let madeImages = false;

/** Installs, starts and makes what is missing. */
export const prepareHostForTests = async (): Promise<void> => {
  await installMissing({ log });
  await ensureEngine({ home, log });
  const engine = dockerEngine();
  try {
    const images = await ensureImages({ engine, cacheFolder: join(home, "cache"), log });
    madeImages = images.some(({ how }) => how === "made");
  } finally {
    engine.close();
  }
};

/** Removes what this run brought: the images that it made, the engine that it started, its folder. What was there stays. */
export const cleanHostAfterTests = async (): Promise<void> => {
  if (madeImages) {
    const engine = dockerEngine();
    try {
      await removeImages(engine);
    } finally {
      engine.close();
    }
  }
  await purgeEngine(home, log);
  await rm(home, { recursive: true, force: true });
};
