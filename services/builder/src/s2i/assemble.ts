import type { ContainerSpec, ImageInfo } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { buildContainerSpec } from "../build/build-container.ts";
import { BuildFailure, diskFull, isDiskFull, saysDiskFull } from "../build/build-failure.ts";
import type { BuildRun } from "../build/build-run.ts";
import { type HandedIn, shellQuote } from "../build/handed-in.ts";
import {
  checkImageScripts,
  checkLine,
  imageScriptPaths,
  missingScriptOf,
  type RequiredScripts,
} from "./check-scripts.ts";
import { scriptPath } from "./find-scripts.ts";
import { layeredImage } from "./layered-image.ts";
import { type ContainerRun, runContainer } from "./run-container.ts";
import type { S2iImage } from "./s2i-image.ts";
import { uploadTar } from "./upload.ts";

export interface AssembleOptions {
  readonly builderRef: string;
  readonly builder: ImageInfo;
  readonly s2i: S2iImage;
  readonly scripts: RequiredScripts;
  readonly sourceFolder: string;
  readonly artifactsFile?: string;
  /** Set at assemble and in the image. */
  readonly env: Readonly<Record<string, string>>;
  readonly handedIn?: HandedIn;
}

/** The builder image cannot take the source as a stream. */
class NoShellOrTar extends Error {
  readonly lacks: "shell" | "tar";
  constructor(lacks: "shell" | "tar") {
    super(`The builder image has no ${lacks}.`);
    this.lacks = lacks;
  }
}

/**
 * Runs assemble over the uploaded source and, when it went well, hands its container to `commit`. A builder image without
 * shell or tar gets the source as a layer instead.
 */
export const assemble = async <T>(
  run: BuildRun,
  options: AssembleOptions,
  commit: (containerId: string) => Promise<T>,
): Promise<T> => {
  try {
    return await assembleStreamed(run, options, commit);
  } catch (error) {
    if (!(error instanceof NoShellOrTar)) throw error;
    run.log.line(`The builder image has no ${error.lacks}: the source is added as a layer.`);
    return assembleLayered(run, options, commit, error.lacks);
  }
};

const assembleStreamed = async <T>(
  run: BuildRun,
  options: AssembleOptions,
  commit: (containerId: string) => Promise<T>,
): Promise<T> => {
  const { s2i, builder, builderRef, scripts, sourceFolder, artifactsFile } = options;
  const destination = shellQuote(s2i.destination);
  const inImage = imageScriptPaths(scripts);
  const steps = [
    ...(inImage.length > 0 ? [checkLine(inImage)] : []),
    `mkdir -p ${destination}`,
    `tar -C ${destination} -xf -`,
    ...assembleSteps(options),
  ];
  const spec = containerSpec(run, options, builder.id, ["/bin/sh", "-c", steps.join(" && ")]);
  const tail = { text: "" };
  const stdin = uploadTar({
    sourceFolder,
    scripts,
    signal: run.signal,
    ...(artifactsFile !== undefined && { artifactsFile }),
  });
  try {
    return await runContainer(
      run.engine,
      spec,
      {
        stdin,
        onLine: logLine(run, tail),
        signal: run.signal,
      },
      (id, ended) => {
        const missing = ended.exitCode === 127 ? missingScriptOf(tail.text, builderRef) : undefined;
        if (missing !== undefined) throw missing;
        if (ended.exitCode === 127 && /\btar: .*not found|tar: (?:inaccessible|No such file)/.test(tail.text))
          throw new NoShellOrTar("tar");
        return commitIfWell(run, id, ended, tail.text, commit);
      },
    );
  } catch (error) {
    const noShell = isSlipwayError(error, "ContainerStartFailed") && error.fields.reason === "ExecutableNotFound";
    throw noShell ? new NoShellOrTar("shell") : startFailure(error);
  }
};

const assembleLayered = async <T>(
  run: BuildRun,
  options: AssembleOptions,
  commit: (containerId: string) => Promise<T>,
  lacks: "shell" | "tar",
): Promise<T> => {
  const image = await layeredImage(run, options);
  try {
    const path = scriptPath(options.scripts.assemble, "assemble", options.s2i.destination);
    const command = lacks === "tar" ? ["/bin/sh", "-c", assembleSteps(options).join(" && ")] : [path];
    const tail = { text: "" };
    return await runContainer(
      run.engine,
      containerSpec(run, options, image, command),
      {
        onLine: logLine(run, tail),
        beforeStart: (id) => checkImageScripts(run.engine, id, options.builderRef, options.scripts, run.signal),
        signal: run.signal,
      },
      (id, ended) => commitIfWell(run, id, ended, tail.text, commit),
    );
  } catch (error) {
    throw startFailure(error);
  } finally {
    await run.engine.images.remove(image, { force: true }).catch(() => {});
  }
};

/** A container that cannot start is the builder image's fault when its program is, and the host's else. */
const startFailure = (error: unknown): unknown => {
  if (!isSlipwayError(error, "ContainerStartFailed")) return error;
  const imageIsAtFault = ["ExecutableNotFound", "PermissionDenied", "UnknownUser"].includes(
    String(error.fields.reason),
  );
  const message = `The build container could not be started: ${error.message}`;
  return isDiskFull(error)
    ? diskFull(error)
    : new BuildFailure(imageIsAtFault ? "AssembleFailed" : "GenericBuildFailed", message, { cause: error });
};

const assembleSteps = ({ handedIn, scripts, s2i }: AssembleOptions): string[] => [
  ...(handedIn === undefined ? [] : [handedIn.sourceLine]),
  `exec ${shellQuote(scriptPath(scripts.assemble, "assemble", s2i.destination))}`,
];

const containerSpec = (
  run: BuildRun,
  options: AssembleOptions,
  image: string,
  command: readonly string[],
): ContainerSpec =>
  buildContainerSpec(run, image, options.s2i.assembleUser, { command, args: [], env: options.env }, options.handedIn);

/** How much of the output is kept to tell what went wrong. */
const TAIL_CHARACTERS = 4_096;

const logLine = (run: BuildRun, tail: { text: string }) => (line: string, stream: "stdout" | "stderr") => {
  tail.text = `${tail.text}\n${line}`.slice(-TAIL_CHARACTERS);
  run.log.line(line, stream);
};

const commitIfWell = <T>(
  run: BuildRun,
  id: string,
  { exitCode, oomKilled }: ContainerRun,
  output: string,
  commit: (containerId: string) => Promise<T>,
): Promise<T> => {
  if (exitCode === 0) return commit(id);
  if (oomKilled || (exitCode === 137 && run.build.spec?.resources?.limits?.memory !== undefined)) {
    throw new BuildFailure(
      "OutOfMemoryKilled",
      "assemble was killed because the build needed more memory than its limit: raise spec.resources.limits.memory.",
    );
  }
  if (saysDiskFull(output)) throw diskFull();
  throw new BuildFailure(
    "AssembleFailed",
    `assemble ended with exit code ${exitCode}: the last lines of the log say why.`,
  );
};
