import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";

export interface ManifestText {
  readonly name: string;
  readonly content: string;
}

const ENDINGS = [".yaml", ".yml", ".json"];

/** Reads files, folders (their manifests; with those of folders below when `recursive`) and `-` for standard input. */
export const readManifestFiles = async (
  names: readonly string[],
  recursive: boolean,
  stdin: () => Promise<string>,
): Promise<ManifestText[]> => {
  const files: ManifestText[] = [];
  for (const name of names) {
    if (name === "-") files.push({ name: "-", content: await stdin() });
    else files.push(...readPath(name, recursive));
  }
  return files;
};

const readPath = (path: string, recursive: boolean): ManifestText[] => {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch {
    throw new SlipwayError("NotFound", `The file ${path} does not exist.`);
  }
  if (!folder) return [{ name: path, content: readFileSync(path, "utf8") }];
  const files = readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): ManifestText[] => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return recursive ? readPath(inner, true) : [];
      return ENDINGS.some((ending) => entry.name.endsWith(ending))
        ? [{ name: inner, content: readFileSync(inner, "utf8") }]
        : [];
    });
  if (files.length === 0) {
    throw new SlipwayError(
      "NotFound",
      `The folder ${path} holds no ${ENDINGS.join(", ")} files${recursive ? "" : ": -R looks into the folders below"}.`,
    );
  }
  return files;
};
