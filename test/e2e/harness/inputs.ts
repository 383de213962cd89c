import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Real manifests that others wrote, beside the project. */
const FOLDER = join(import.meta.dirname, "../../../../shared/inputs/open");

/** One real manifest and what its collector noted about it. */
export interface RealManifest {
  /** Below `manifests/`. */
  readonly name: string;
  readonly path: string;
  readonly kinds: Readonly<Record<string, number>>;
  /** R0: objects only. R1: runs with stand-in images. R2: builds. R3: cannot run here. */
  readonly class: string;
}

interface IndexRow {
  readonly file: string;
  readonly cls: string;
  readonly kinds: Readonly<Record<string, number>>;
}

/** Fails with a sentence on a machine that has no real manifests: whoever needs them cannot go on. */
const requireInputs = (): void => {
  if (!existsSync(FOLDER)) {
    throw new Error(`${FOLDER} is absent: the stories about real manifests need it, all others do without.`);
  }
};

export const realManifests = (): readonly RealManifest[] => {
  requireInputs();
  const { manifests } = JSON.parse(readFileSync(join(FOLDER, "index.json"), "utf8")) as {
    readonly manifests: readonly IndexRow[];
  };
  return manifests.map(({ file, cls, kinds }) => ({
    name: file.replace(/^open\/manifests\//, ""),
    path: join(FOLDER, "..", file),
    kinds,
    class: cls,
  }));
};

/** The path of one real manifest, by its place below `manifests/`. */
export const realManifest = (name: string): string => {
  requireInputs();
  return join(FOLDER, "manifests", name);
};
