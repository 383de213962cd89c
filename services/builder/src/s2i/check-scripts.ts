import type { ContainerEngine } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { BuildFailure } from "../build/build-failure.ts";
import { shellQuote } from "../build/handed-in.ts";
import type { Script, Scripts } from "./find-scripts.ts";

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

/** The paths of the required scripts that must be in the image. */
export const imageScriptPaths = ({ assemble, run }: RequiredScripts): string[] =>
  (["assemble", "run"] as const).flatMap((name) => {
    const script = name === "assemble" ? assemble : run;
    return script.from === "image" ? [`${script.folder}/${name}`] : [];
  });

const MARK = "slipway-missing-script:";

/** A shell line that ends with 127 and says so when a script is not where the image says. */
export const checkLine = (paths: readonly string[]): string =>
  `for script in ${paths.map(shellQuote).join(" ")}; do [ -e "$script" ] || { echo "${MARK}$script" >&2; exit 127; }; done`;

/** The failure that such a line told of; `undefined` when it told of none. */
export const missingScriptOf = (output: string, image: string): BuildFailure | undefined => {
  const path = output
    .split("\n")
    .find((line) => line.startsWith(MARK))
    ?.slice(MARK.length);
  return path === undefined ? undefined : missingScript(image, path);
};

/** The same check from outside, on a container of the image, where there is no shell. */
export const checkImageScripts = async (
  engine: ContainerEngine,
  containerId: string,
  image: string,
  scripts: RequiredScripts,
  signal: AbortSignal,
): Promise<void> => {
  for (const path of imageScriptPaths(scripts)) {
    try {
      const tar = await engine.containers.getArchive(containerId, path, signal);
      tar.destroy();
    } catch (error) {
      if (!isSlipwayError(error, "ContainerNotFound")) throw error;
      throw missingScript(image, path);
    }
  }
};

const missingScript = (image: string, path: string): BuildFailure => {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return new BuildFailure(
    "InstallScriptsFailed",
    `The builder image "${image}" has no S2I script ${path}: add it there or as .s2i/bin/${name} to the source.`,
  );
};
