import type { ContainerEngine } from "@slipway/containers";
import type { ImageEntry } from "./catalog.ts";
import { SOURCE_HASH_LABEL } from "./source-hash.ts";

/** A pull that tells nothing for so long is given up: making the image here is surer. */
const SILENCE_MS = 10_000;

/**
 * Takes an image from a registry where somebody put it under its source hash (`<mirror>/slipway/nodejs:<hash>`).
 * False when that cannot be had for whatever reason.
 */
export const pullImage = async (
  engine: ContainerEngine,
  mirror: string,
  entry: ImageEntry,
  hash: string,
  signal?: AbortSignal,
): Promise<boolean> => {
  const ref = `${mirror}/${entry.name}:${hash}`;
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error("The registry is silent."));
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    await engine.images.pull(ref, {
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
      onProgress: () => {
        clearTimeout(timer);
        timer = setTimeout(giveUp, SILENCE_MS);
      },
    });
    if ((await engine.images.inspect(ref)).labels[SOURCE_HASH_LABEL] !== hash) return false;
    await engine.images.tag(ref, `${entry.name}:latest`);
    return true;
  } catch {
    signal?.throwIfAborted();
    return false;
  } finally {
    clearTimeout(timer);
  }
};
