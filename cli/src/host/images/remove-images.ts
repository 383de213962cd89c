import type { ContainerEngine } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { SOURCE_HASH_LABEL } from "./source-hash.ts";

/**
 * Removes the platform's images and what was built on them (labels are inherited), newest first. One that a container
 * still uses stays; answers how many went.
 */
export const removeImages = async (engine: ContainerEngine): Promise<number> => {
  const images = await engine.images.list({ labels: { [SOURCE_HASH_LABEL]: "" } });
  let removed = 0;
  for (const { id, tags } of images.sort((a, b) => b.createdAt.localeCompare(a.createdAt))) {
    try {
      for (const tag of tags) await engine.images.remove(tag);
      await engine.images.remove(id);
      removed += 1;
    } catch (error) {
      if (!isSlipwayError(error, "EngineConflict")) throw error;
    }
  }
  return removed;
};
