import { createHash, type Hash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ImageCatalog, ImageEntry } from "./catalog.ts";
import { HOST_FILES } from "./host-files.ts";

/** The label that carries it. */
export const SOURCE_HASH_LABEL = "slipway.source-hash";

/**
 * Everything that decides what an image holds: its folder, its entry, what it takes from the host, the processor, and
 * the same of the image below it. Two hosts of one kind get the same; the name does not count.
 */
export const sourceHash = async (catalog: ImageCatalog, entry: ImageEntry): Promise<string> => {
  const hash = createHash("sha256");
  const { why: _why, name: _name, from: _from, ...content } = entry;
  hash.update(JSON.stringify([catalog.suite, process.arch, content]));
  await addFolder(hash, join(catalog.folder, entry.folder), "");
  for (const name of Object.values(entry.hostFiles ?? {})) hash.update(`${name}=${HOST_FILES[name]?.version()}`);
  const parent = catalog.images.find((each) => each.name === entry.from);
  if (parent !== undefined) hash.update(await sourceHash(catalog, parent));
  return hash.digest("hex").slice(0, 32);
};

const addFolder = async (hash: Hash, folder: string, path: string): Promise<void> => {
  for (const name of (await readdir(join(folder, path))).sort()) {
    const inner = join(path, name);
    const { mode, isFolder } = await stat(join(folder, inner)).then((each) => ({
      mode: each.mode,
      isFolder: each.isDirectory(),
    }));
    if (isFolder) await addFolder(hash, folder, inner);
    else hash.update(`${inner}\0${mode & 0o111 ? "x" : "-"}\0`).update(await readFile(join(folder, inner)));
  }
};
