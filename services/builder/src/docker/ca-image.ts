import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ContainerEngine } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { packText } from "../tree/pack-tree.ts";
import { tarOf } from "../tree/tar-of.ts";

/** Where a stage of a Dockerfile build finds the CA bundle. */
export const CA_TARGET = "/etc/slipway/build-ca.crt";
const CA_SOURCE = "/ca-bundle.crt";

/**
 * The classic builder can mount nothing into a RUN. So the bundle comes in an image of its own, named by its content,
 * from which every stage that runs something copies it: a layer of public certificates stays in the result, nothing of
 * the context changes, and the build cache holds for as long as the bundle does.
 */
export const ensureCaImage = async (
  engine: ContainerEngine,
  caBundle: string,
  instance: string,
  signal: AbortSignal,
): Promise<{ readonly image: string; readonly source: string; readonly target: string }> => {
  const pem = await readFile(caBundle, "utf8");
  const hash = createHash("sha256").update(pem).digest("hex").slice(0, 16);
  const image = `slipway-build-ca:${instance}-${hash}`;
  const present = await engine.images.inspect(image, signal).then(
    () => true,
    (error: unknown) => {
      if (isSlipwayError(error, "ImageNotFound")) return false;
      throw error;
    },
  );
  if (!present) {
    const tar = tarOf((archive) => packText(archive, CA_SOURCE.slice(1), pem));
    await engine.images.importRootfs(tar, image, { changes: [`LABEL slipway.instance=${instance}`], signal });
  }
  return { image, source: CA_SOURCE, target: CA_TARGET };
};
