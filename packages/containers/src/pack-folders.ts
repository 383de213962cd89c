import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";

/** A file or folder of this host and where it stands in the tar; `.` puts a folder's content at the top. */
export interface PackSource {
  readonly source: string;
  readonly target: string;
  /** Leaves out what it answers true to; paths are relative to `source`. */
  readonly ignore?: (path: string) => boolean;
}

/**
 * A tar of files and folders, streamed. Owner is root, times are 0 and names are sorted, so that the same content gives
 * the same bytes and an engine finds its cached layers again.
 */
export const packFolders = (sources: readonly PackSource[]): Readable => {
  const tar = pack();
  const adding = async () => {
    for (const { source, target, ignore = () => false } of sources) await add(tar, source, target, "", ignore);
    tar.finalize();
  };
  adding().catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))));
  return Readable.from(tar);
};

const EPOCH = new Date(0);

const add = async (
  tar: Pack,
  source: string,
  target: string,
  path: string,
  ignore: (path: string) => boolean,
): Promise<void> => {
  const stat = await lstat(source);
  const header = { name: target, mode: stat.mode & 0o7777, mtime: EPOCH, uid: 0, gid: 0 };
  if (stat.isDirectory()) {
    if (target !== ".") tar.entry({ ...header, type: "directory" });
    for (const name of (await readdir(source)).sort()) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (!ignore(inner))
        await add(tar, `${source}/${name}`, target === "." ? name : `${target}/${name}`, inner, ignore);
    }
  } else if (stat.isSymbolicLink()) {
    tar.entry({ ...header, type: "symlink", linkname: await readlink(source) });
  } else if (stat.isFile()) {
    await pipeline(createReadStream(source), tar.entry({ ...header, size: stat.size }));
  }
};
