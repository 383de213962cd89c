import { join } from "node:path";
import type { ImageInfo } from "@slipway/containers";
import { buildContainerSpec } from "../build/build-container.ts";
import type { BuildRun } from "../build/build-run.ts";
import { shellQuote } from "../build/handed-in.ts";
import { ensureImage } from "../image/ensure-image.ts";
import { countArtifacts, storeArtifacts } from "./artifacts.ts";
import { type Script, type Scripts, scriptPath } from "./find-scripts.ts";
import { runContainer } from "./run-container.ts";
import { readS2iImage } from "./s2i-image.ts";
import { uploadTar } from "./upload.ts";

/**
 * Has the previous image give what the next build can use again, into a file of the work folder. Whatever goes wrong
 * means a clean build and a line of warning, never a failed build.
 */
export const saveArtifacts = async (
  run: BuildRun,
  previous: string | undefined,
  scripts: Scripts,
): Promise<string | undefined> => {
  const script = scripts["save-artifacts"];
  const warn = (why: string): undefined => {
    run.log.line(`WARNING: clean build, nothing of the previous one is used: ${why}`, "stderr");
    return undefined;
  };
  if (previous === undefined) return warn("there is no previous image.");
  if (script === undefined) return warn("there is no save-artifacts script.");
  try {
    const image = await ensureImage(run, previous, false);
    run.log.line("Saving build artifacts from the previous image ...");
    const file = join(run.workDir, "artifacts.tar");
    const exitCode = await runScript(run, previous, image, script, file);
    if (exitCode === 126 || exitCode === 127)
      return warn("the previous image has no save-artifacts script that can be run.");
    if (exitCode !== 0) return warn(`save-artifacts ended with exit code ${exitCode}.`);
    return (await countArtifacts(file)) > 0 ? file : warn("save-artifacts saved nothing.");
  } catch (error) {
    run.signal.throwIfAborted();
    return warn(error instanceof Error ? error.message : String(error));
  }
};

const runScript = (run: BuildRun, ref: string, image: ImageInfo, script: Script, file: string): Promise<number> => {
  const { destination, assembleUser } = readS2iImage(image);
  const path = scriptPath(script, "save-artifacts", destination);
  const upload = script.from === "upload";
  const command = upload
    ? ["/bin/sh", "-c", `tar -C ${shellQuote(destination)} -xf - && exec ${shellQuote(path)}`]
    : [path];
  const spec = buildContainerSpec(run, ref, assembleUser, { command, args: [] });
  const onlyScript = { assemble: undefined, run: undefined, "save-artifacts": script };
  return runContainer(
    run.engine,
    spec,
    {
      signal: run.signal,
      onLine: (line) => run.log.line(line, "stderr"),
      onStdout: (stdout) => storeArtifacts(stdout, file, run.settings.maxArtifactsBytes),
      ...(upload && {
        stdin: uploadTar({ sourceFolder: join(run.workDir, "nothing"), scripts: onlyScript, signal: run.signal }),
      }),
    },
    async (_id, { exitCode }) => exitCode,
  );
};
