import type { Readable } from "node:stream";
import type { Pack } from "tar-stream";
import { packFolder, packText, packTree } from "../tree/pack-tree.ts";
import { readInside } from "../tree/read-inside.ts";
import { tarOf } from "../tree/tar-of.ts";
import { packArtifacts } from "./artifacts.ts";
import type { Scripts } from "./find-scripts.ts";
import { s2iIgnoreFilter } from "./s2i-ignore.ts";

interface UploadOptions {
  readonly sourceFolder: string;
  readonly scripts: Scripts;
  /** A tar of what the previous build saved. */
  readonly artifactsFile?: string;
  /** Puts everything below `upload/` and this Dockerfile beside it. */
  readonly dockerfile?: string;
  readonly signal: AbortSignal;
}

/** What assembling needs, as a tar: `src/`, `scripts/` for those that are not in the image, `artifacts/`. */
export const uploadTar = (options: UploadOptions): Readable => tarOf((archive) => fillUpload(archive, options));

const fillUpload = async (archive: Pack, options: UploadOptions): Promise<void> => {
  const { sourceFolder, scripts, artifactsFile, dockerfile, signal } = options;
  if (dockerfile !== undefined) await packText(archive, "Dockerfile", dockerfile);
  const top = dockerfile === undefined ? "" : "upload/";
  const uploads = Object.entries(scripts).flatMap(([name, script]) =>
    script?.from === "upload" ? [{ name, script }] : [],
  );
  await packFolder(archive, `${top}scripts`);
  for (const { name, script } of uploads) await packText(archive, `${top}scripts/${name}`, script.text, 0o755);
  // Scripts of the source have moved; what is ignored is decided after that.
  const moved = new Set(uploads.map(({ script }) => script.source));
  const ignored = s2iIgnoreFilter(await readInside(sourceFolder, ".s2iignore"));
  await packFolder(archive, `${top}src`);
  await packTree(archive, sourceFolder, {
    prefix: `${top}src/`,
    filter: (path, isFolder) => (moved.has(path) ? "prune" : ignored(path, isFolder)),
    signal,
  });
  if (artifactsFile === undefined) return;
  await packFolder(archive, `${top}artifacts`);
  await packArtifacts(archive, artifactsFile, `${top}artifacts/`);
};
