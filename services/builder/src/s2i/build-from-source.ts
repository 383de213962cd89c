import { text } from "node:stream/consumers";
import { isSlipwayError } from "@slipway/kernel";
import { extract } from "tar-stream";
import { CLEARED_LABELS } from "../build/build-container.ts";
import { buildInfoEnv, envRecord } from "../build/build-environment.ts";
import { asBuildFailure, BuildFailure } from "../build/build-failure.ts";
import { buildLabels, outputLabels, s2iLabels } from "../build/build-labels.ts";
import type { BuildRun, FetchedSource } from "../build/build-run.ts";
import { layOutHandedIn } from "../build/handed-in.ts";
import { ensureImage } from "../image/ensure-image.ts";
import type { OutputImage } from "../image/output-image.ts";
import { resolveImage } from "../image/resolve-image.ts";
import { readInside } from "../tree/read-inside.ts";
import { type AssembleOptions, assemble } from "./assemble.ts";
import { requireScripts } from "./check-scripts.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { fetchText } from "./fetch-text.ts";
import { findScripts, scriptPath } from "./find-scripts.ts";
import { checkLabels, parseImageMetadata } from "./image-metadata.ts";
import { readS2iImage } from "./s2i-image.ts";
import { saveArtifacts } from "./save-artifacts.ts";

/**
 * Source-to-image: runs the builder image's assemble over the source and keeps the container as an image whose command is
 * the run script. Answers the image's id; it has no tag yet.
 */
export const buildFromSource = async (
  run: BuildRun,
  source: FetchedSource,
  output: OutputImage | undefined,
): Promise<string> => {
  const strategy = run.build.spec?.strategy?.sourceStrategy ?? {};
  const { settings, signal } = run;
  await run.stage("PullImages");
  const builderRef = resolveImage(strategy.from, run.project, run.streams, settings.registry.host);
  const builder = await ensureImage(run, builderRef, strategy.forcePull ?? false);
  run.log.line(`Using ${builderRef} as the s2i builder image`);

  await run.stage("Build");
  const s2i = readS2iImage(builder);
  const found = await findScripts({
    url: strategy.scripts ?? "",
    sourceFolder: source.folder,
    image: s2i,
    allowFiles: settings.allowFileSources,
    fetchText,
    signal,
  });
  const scripts = requireScripts(found, builderRef);
  const artifactsFile = strategy.incremental
    ? await saveArtifacts(run, previousImage(run, output), scripts)
    : undefined;
  const fileEnv = parseEnvironmentFile((await readInside(source.folder, ".s2i/environment")) ?? "");
  const env = { ...fileEnv, ...envRecord(strategy.env, fileEnv), ...buildInfoEnv(run.build, source.revision?.commit) };
  const handedIn = await layOutHandedIn(run.workDir, settings);
  const options: AssembleOptions = {
    builderRef,
    builder,
    s2i,
    scripts,
    sourceFolder: source.folder,
    env,
    ...(artifactsFile !== undefined && { artifactsFile }),
    ...(handedIn !== undefined && { handedIn }),
  };
  const generated = {
    ...buildLabels(run.build, source.revision),
    ...s2iLabels(run.build, source.revision, builderRef, output?.reference ?? `${run.project}/${run.name}`),
    ...outputLabels(run.build),
  };
  return assemble(run, options, (id) => commitImage(run, id, options, generated));
};

/** The image that the output tag points to now. */
const previousImage = (run: BuildRun, output: OutputImage | undefined): string | undefined => {
  if (output?.tag === undefined) return output?.reference;
  const { project, stream, tag } = output.tag;
  return run.streams.latest(project, stream, tag);
};

const commitImage = async (
  run: BuildRun,
  containerId: string,
  { builder, scripts, s2i }: AssembleOptions,
  generated: Readonly<Record<string, string>>,
): Promise<string> => {
  const written = parseImageMetadata((await fileOf(run, containerId, "/tmp/.s2i/image_metadata.json")) ?? "{}");
  const labels = checkLabels({ ...generated, ...written });
  try {
    return await run.engine.containers.commit(containerId, {
      repo: "",
      comment: `build ${run.project}/${run.name}`,
      labels: { ...CLEARED_LABELS, ...labels },
      command: builder.entrypoint,
      args: [scriptPath(scripts.run, "run", s2i.destination)],
      user: builder.user,
      signal: run.signal,
    });
  } catch (error) {
    run.signal.throwIfAborted();
    throw asBuildFailure(error, "ContainerCommitFailed", "The assembled container could not be kept as an image: ");
  }
};

const fileOf = async (run: BuildRun, containerId: string, path: string): Promise<string | undefined> => {
  try {
    const tar = await run.engine.containers.getArchive(containerId, path, run.signal);
    const reader = extract();
    tar.on("error", (error) => reader.destroy(error));
    for await (const entry of tar.pipe(reader)) {
      if (entry.header.type === "file") return await text(entry);
      entry.resume();
    }
    return undefined;
  } catch (error) {
    if (isSlipwayError(error, "ContainerNotFound")) return undefined;
    run.signal.throwIfAborted();
    throw new BuildFailure("GenericBuildFailed", `${path} of the assembled container could not be read.`, {
      cause: error,
    });
  }
};
