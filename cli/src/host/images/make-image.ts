import { join } from "node:path";
import { type ContainerEngine, packFolders } from "@slipway/containers";
import type { BuildEnvironment } from "../build-environment.ts";
import type { ImageCatalog, ImageEntry } from "./catalog.ts";
import { HOST_FILES } from "./host-files.ts";
import { addPackages } from "./packages.ts";
import { makeRootfs } from "./rootfs.ts";
import { SOURCE_HASH_LABEL } from "./source-hash.ts";

export interface MakeOptions {
  readonly engine: ContainerEngine;
  readonly catalog: ImageCatalog;
  readonly entry: ImageEntry;
  readonly hash: string;
  readonly cacheFolder: string;
  readonly environment: BuildEnvironment;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Makes one image under its `latest` tag; the one below it must be there. */
export const makeImage = async (options: MakeOptions): Promise<void> => {
  const { engine, catalog, entry, hash, log, signal } = options;
  if (entry.rootfs !== undefined) return makeRootfs(options);
  const below = entry.packages === undefined ? entry.from && `${entry.from}:latest` : await addPackages(options);
  const context = packFolders([
    { source: join(catalog.folder, entry.folder), target: "." },
    ...Object.entries(entry.hostFiles ?? {}).flatMap(([target, name]) => HOST_FILES[name]?.pack(target) ?? []),
  ]);
  await engine.images.build(context, {
    tags: [`${entry.name}:latest`],
    labels: { [SOURCE_HASH_LABEL]: hash },
    buildArgs: below === undefined ? {} : { FROM_IMAGE: below },
    networkMode: "none",
    onLog: (line) => {
      if (/^Step \d/.test(line)) log(line);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  // The image above keeps its layers; the name has served its purpose.
  if (below !== undefined && entry.packages !== undefined) await engine.images.remove(below);
};
