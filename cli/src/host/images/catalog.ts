import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "@slipway/kernel";

/** One image of `deploy/images/images.json`. */
export interface ImageEntry {
  /** `slipway/nodejs`; its tag here is always `latest`. */
  readonly name: string;
  /** Below `deploy/images`. */
  readonly folder: string;
  /** The image below it; absent for a root file system and for one that starts from nothing. */
  readonly from?: string;
  /** Debian packages of a root file system made on the host. */
  readonly rootfs?: readonly string[];
  /** Debian packages added on top of `from` before the Dockerfile. */
  readonly packages?: readonly string[];
  /** What the context gets from the host: path in the context to one of the names of `host-files.ts`. */
  readonly hostFiles?: Readonly<Record<string, string>>;
  readonly why: string;
}

export interface ImageCatalog {
  /** Where the images' folders are. */
  readonly folder: string;
  /** The Debian release of all of them. */
  readonly suite: string;
  /** Every image after the one it is made from. */
  readonly images: readonly ImageEntry[];
}

/** `deploy/images` of this checkout. */
export const IMAGES_FOLDER = join(import.meta.dirname, "../../../../deploy/images");

export const readCatalog = async (folder: string = IMAGES_FOLDER): Promise<ImageCatalog> => {
  const { suite, images } = JSON.parse(await readFile(join(folder, "images.json"), "utf8")) as Omit<
    ImageCatalog,
    "folder"
  >;
  return { folder, suite, images };
};

/** The wanted images and all they are made from, in the order in which they are made. */
export const withParents = (catalog: ImageCatalog, only: readonly string[] | undefined): ImageEntry[] => {
  if (only === undefined) return [...catalog.images];
  const wanted = new Set<string>();
  for (let name of only) {
    for (;;) {
      const entry = catalog.images.find((each) => each.name === name);
      if (entry === undefined) throw unknownImage(catalog, name);
      wanted.add(name);
      if (entry.from === undefined) break;
      name = entry.from;
    }
  }
  return catalog.images.filter((entry) => wanted.has(entry.name));
};

const unknownImage = (catalog: ImageCatalog, name: string): SlipwayError =>
  new SlipwayError(
    "NotFound",
    `There is no image "${name}" to make: choose from ${catalog.images.map((each) => each.name).join(", ")}.`,
    { fields: { name } },
  );
