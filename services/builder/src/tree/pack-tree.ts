import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";

/** Files up to this size are read at once. */
const SMALL_BYTES = 65_536;

/** What to do with an entry: take it, leave it out but look below it, or leave it out with everything below. */
type Verdict = "keep" | "skip" | "prune";

/** Which entries of a tree are wanted; `path` has no leading slash. */
export type TreeFilter = (path: string, isFolder: boolean) => Verdict;

interface PackTreeOptions {
  /** Where the tree stands in the archive, with a slash at its end; empty for the archive's root. */
  readonly prefix?: string;
  readonly filter?: TreeFilter;
  /** Texts that take the place of a file of the tree. */
  readonly replacements?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

/**
 * Adds a folder to a tar, in a stable order, everything owned by root: whoever unpacks it owns it. Sockets and devices are
 * left out.
 */
export const packTree = async (pack: Pack, root: string, options: PackTreeOptions = {}): Promise<void> => {
  const { prefix = "", filter = () => "keep" as const, replacements, signal } = options;
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(join(root, folder), { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (const entry of entries) {
      signal?.throwIfAborted();
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const verdict = filter(path, entry.isDirectory());
      if (verdict === "prune") continue;
      if (verdict === "keep" && !replacements?.has(path)) await packEntry(pack, join(root, path), prefix + path);
      if (entry.isDirectory()) await visit(path);
    }
  };
  await visit("");
  for (const [path, text] of replacements ?? []) await packText(pack, prefix + path, text);
};

/** Adds one text file. */
export const packText = (pack: Pack, name: string, text: string, mode = 0o644): Promise<void> =>
  packBuffer(pack, { name, mode }, Buffer.from(text));

const packBuffer = (pack: Pack, header: Parameters<Pack["entry"]>[0], content: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    pack.entry(header, content, (error) => (error ? reject(error) : resolve()));
  });

/** Adds a folder by itself. */
export const packFolder = (pack: Pack, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    pack.entry({ name, type: "directory", mode: 0o755 }, (error) => (error ? reject(error) : resolve()));
  });

const packEntry = async (pack: Pack, path: string, name: string): Promise<void> => {
  const info = await lstat(path);
  const header = { name, mode: info.mode & 0o777, mtime: info.mtime, uid: 0, gid: 0 };
  if (info.isDirectory()) {
    pack.entry({ ...header, type: "directory" });
  } else if (info.isSymbolicLink()) {
    pack.entry({ ...header, type: "symlink", linkname: await readlink(path) });
  } else if (info.isFile()) {
    if (info.size <= SMALL_BYTES) await packBuffer(pack, { ...header, type: "file" }, await readFile(path));
    else {
      const entry = pack.entry({ ...header, type: "file", size: info.size });
      await pipeline(createReadStream(path, { end: info.size - 1 }), entry);
    }
  }
};
