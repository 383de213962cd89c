import { existsSync, readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** One real manifest, and what its collector noted about it. */
export interface RealManifest {
  /** Below `manifests/`. */
  readonly name: string;
  readonly content: string;
  /** R0 to R3: what it takes to run it; absent for a file without a note. */
  readonly class?: string;
  readonly kinds: readonly string[];
  /** `svc:type=NodePort`, `vol:hostPath`, … */
  readonly tags: readonly string[];
}

interface IndexRow {
  readonly file: string;
  readonly cls: string;
  readonly kinds: Readonly<Record<string, number>>;
  readonly tags: readonly string[];
}

const root = fileURLToPath(new URL("../../../../shared/inputs/open/", import.meta.url));

/** For specs: the real manifests beside the project, or nothing, said aloud, on a machine that has none. */
export const realManifests = (): readonly RealManifest[] => {
  if (!existsSync(root)) {
    console.warn(`${root} is absent: no real manifest was read.`);
    return [];
  }
  const index = JSON.parse(readFileSync(`${root}index.json`, "utf8")) as { readonly manifests: readonly IndexRow[] };
  const rows = new Map(index.manifests.map((row) => [row.file, row]));
  return readdirSync(`${root}manifests`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`;
      const name = relative(`${root}manifests`, path);
      const row = rows.get(`open/manifests/${name}`);
      const noted = row ? { class: row.cls } : {};
      return {
        name,
        content: readFileSync(path, "utf8"),
        ...noted,
        kinds: Object.keys(row?.kinds ?? {}),
        tags: row?.tags ?? [],
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** For specs: one recorded object with every field of its kind filled in; `undefined` where there is none. */
export const roundTripObject = (name: string): unknown => {
  const path = `${root}roundtrip/${name}.json`;
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
};
