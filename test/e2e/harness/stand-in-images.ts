import { join } from "node:path";
import { type ContainerEngine, packFolders } from "@slipway/containers";

const FOLDER = join(import.meta.dirname, "../stand-ins");

/** An image that real manifests want, and the program here that serves in its place. */
export interface StandIn {
  readonly image: string;
  /** A folder of `stand-ins/`. */
  readonly folder: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/**
 * Builds images of our own under the names that real manifests want, on the local engine, so that nothing is pulled.
 * Answers what removes them again.
 */
export const buildStandIns = async (
  engine: ContainerEngine,
  standIns: readonly StandIn[],
): Promise<() => Promise<void>> => {
  for (const { image, folder, buildArgs = {} } of standIns) {
    const context = packFolders([{ source: join(FOLDER, folder), target: "." }]);
    await engine.images.build(context, { tags: [image], buildArgs, networkMode: "none" });
  }
  return async () => {
    for (const { image } of standIns) await engine.images.remove(image, { force: true });
  };
};

/** Gives images that are here the names that real manifests want. Answers what takes the names away again. */
export const tagStandIns = async (
  engine: ContainerEngine,
  wanted: readonly string[],
  standInOf: (image: string) => string,
): Promise<() => Promise<void>> => {
  const here = new Set((await engine.images.list()).flatMap(({ tags }) => tags));
  const given = wanted.filter((image) => !here.has(image) && !here.has(`${image}:latest`));
  for (const image of given) await engine.images.tag(standInOf(image), image);
  return async () => {
    for (const image of given) await engine.images.remove(image);
  };
};
