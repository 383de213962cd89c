import type { ContainerEngine } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { type BuildEnvironment, readBuildEnvironment } from "../build-environment.ts";
import { type ImageEntry, readCatalog, withParents } from "./catalog.ts";
import { makeImage } from "./make-image.ts";
import { pullImage } from "./pull-image.ts";
import { SOURCE_HASH_LABEL, sourceHash } from "./source-hash.ts";

export interface EnsureImagesOptions {
  readonly engine: ContainerEngine;
  /** Where root file systems are kept for the next time: `<home>/cache`. */
  readonly cacheFolder: string;
  readonly log: (line: string) => void;
  /** A bundle of trusted authorities instead of the host's own. */
  readonly caBundle?: string;
  /** Names as `slipway/nodejs`; what they are made from comes with them. Absent: all. */
  readonly only?: readonly string[];
  /** A registry that may have them ready, as `registry.example.org/mirror`. */
  readonly mirror?: string;
  /** Another `deploy/images`. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
}

export interface EnsuredImage {
  readonly name: string;
  readonly how: "present" | "pulled" | "made";
  readonly tookMs: number;
}

/**
 * Every wanted image is on the engine under `<name>:latest` and carries the hash of its sources: one that does is left
 * alone, another is pulled from the mirror or made here.
 */
export const ensureImages = async (options: EnsureImagesOptions): Promise<EnsuredImage[]> => {
  const { engine, log, signal, mirror } = options;
  const catalog = await readCatalog(options.folder);
  let environment: BuildEnvironment | undefined;
  const ensured: EnsuredImage[] = [];
  for (const entry of withParents(catalog, options.only)) {
    const startedAt = performance.now();
    const hash = await sourceHash(catalog, entry);
    const how = await (async (): Promise<EnsuredImage["how"]> => {
      const present = await presentImage(engine, entry);
      if (present?.hash === hash) return "present";
      if (mirror !== undefined && (await pullImage(engine, mirror, entry, hash, signal))) return "pulled";
      log(`Making the image ${entry.name} …`);
      environment ??= await readBuildEnvironment(options.caBundle === undefined ? {} : { caBundle: options.caBundle });
      await makeImage({ ...options, catalog, entry, hash, environment });
      // The older one has lost its name; it goes too, unless something still stands on it.
      if (present !== undefined) await engine.images.remove(present.id).catch(() => {});
      return "made";
    })();
    ensured.push({ name: entry.name, how, tookMs: Math.round(performance.now() - startedAt) });
  }
  return ensured;
};

const presentImage = async (
  engine: ContainerEngine,
  entry: ImageEntry,
): Promise<{ readonly id: string; readonly hash: string | undefined } | undefined> => {
  try {
    const { id, labels } = await engine.images.inspect(`${entry.name}:latest`);
    return { id, hash: labels[SOURCE_HASH_LABEL] };
  } catch (error) {
    if (isSlipwayError(error, "ImageNotFound")) return undefined;
    throw error;
  }
};
