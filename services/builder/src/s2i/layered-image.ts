import { asBuildFailure } from "../build/build-failure.ts";
import type { BuildRun } from "../build/build-run.ts";
import type { AssembleOptions } from "./assemble.ts";
import { uploadTar } from "./upload.ts";

/** An image of the builder with the upload as a layer: for builders that cannot unpack it themselves. Answers its id. */
export const layeredImage = async (run: BuildRun, options: AssembleOptions): Promise<string> => {
  const { s2i, builder, scripts, sourceFolder, artifactsFile } = options;
  const owner = s2i.assembleUser.split(":")[0] ?? "";
  const chown = owner === "" ? "" : `--chown=${owner}:0 `;
  const dockerfile = `FROM ${builder.id}\nUSER 0\nCOPY ${chown}upload/ ${s2i.destination}/\nUSER ${builder.user || "0"}\n`;
  const context = uploadTar({
    sourceFolder,
    scripts,
    dockerfile,
    signal: run.signal,
    ...(artifactsFile !== undefined && { artifactsFile }),
  });
  try {
    return await run.engine.images.build(context, { signal: run.signal });
  } catch (error) {
    run.signal.throwIfAborted();
    throw asBuildFailure(error, "AssembleFailed", "The source could not be added to the builder image: ");
  }
};
