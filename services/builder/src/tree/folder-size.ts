import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** How much disk a folder takes, links not followed; what vanishes meanwhile does not count. */
export const folderBytes = async (folder: string): Promise<number> => {
  let bytes = 0;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await folderBytes(path);
    else
      bytes += await lstat(path).then(
        ({ blocks }) => blocks * 512,
        () => 0,
      );
  }
  return bytes;
};
