import type { ContainerEngine, ImageInfo } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { BuildFailure } from "../build/build-failure.ts";
import type { Script, ScriptName, Scripts } from "./find-scripts.ts";

/** The two scripts without which there is no build, known to be named. */
export type RequiredScripts = Scripts & { readonly [K in "assemble" | "run"]: Script };

/** `InstallScriptsFailed` when nobody says where assemble or run are. */
export const requireScripts = (scripts: Scripts, image: string): RequiredScripts => {
  const { assemble, run } = scripts;
  if (assemble !== undefined && run !== undefined) return { ...scripts, assemble, run };
  const missing = assemble === undefined ? "assemble" : "run";
  throw new BuildFailure(
    "InstallScriptsFailed",
    `The builder image "${image}" does not say where its S2I script "${missing}" is: it needs the label ` +
      `io.openshift.s2i.scripts-url, or the source needs .s2i/bin/${missing}.`,
  );
};

/** `InstallScriptsFailed` when a script that is said to be in the image is not there. Needs a container of the image. */
export const checkImageScripts = async (
  engine: ContainerEngine,
  containerId: string,
  image: string,
  scripts: RequiredScripts,
  signal: AbortSignal,
): Promise<void> => {
  const check = async (name: ScriptName, script: Script): Promise<void> => {
    if (script.from !== "image") return;
    try {
      const tar = await engine.containers.getArchive(containerId, `${script.folder}/${name}`, signal);
      tar.destroy();
    } catch (error) {
      if (!isSlipwayError(error, "ContainerNotFound")) throw error;
      throw new BuildFailure(
        "InstallScriptsFailed",
        `The builder image "${image}" has no S2I script ${script.folder}/${name}: add it there or as .s2i/bin/${name} to the source.`,
        { cause: error },
      );
    }
  };
  await check("assemble", scripts.assemble);
  await check("run", scripts.run);
};

/** What `inspect` of an image must tell for its scripts to be found. */
export type ScriptSource = Pick<ImageInfo, "labels" | "env" | "user">;
