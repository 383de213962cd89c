import { posix } from "node:path";
import { isSlipwayError } from "@slipway/kernel";
import { buildInfoEnv, envRecord } from "../build/build-environment.ts";
import { asBuildFailure, BuildFailure, type BuildFailureReason } from "../build/build-failure.ts";
import { buildLabels, outputLabels } from "../build/build-labels.ts";
import type { BuildRun, FetchedSource } from "../build/build-run.ts";
import { registryAuth } from "../build/build-settings.ts";
import { containerLimits } from "../build/container-limits.ts";
import { caVariables } from "../build/handed-in.ts";
import { ensureImage } from "../image/ensure-image.ts";
import { resolveImage } from "../image/resolve-image.ts";
import { packTree } from "../tree/pack-tree.ts";
import { readInside } from "../tree/read-inside.ts";
import { tarOf } from "../tree/tar-of.ts";
import { CA_TARGET, ensureCaImage } from "./ca-image.ts";
import { dockerIgnoreFilter } from "./docker-ignore.ts";
import { rewriteDockerfile } from "./rewrite-dockerfile.ts";

/**
 * The name under which the rewritten Dockerfile travels. It names the build, so it is another one each time: the engine is
 * told by the ignore file to keep it out of the context, where it would spoil the cache of every `COPY . .`.
 */
const DOCKERFILE = ".slipway.Dockerfile";
const IGNORE = ".dockerignore";

/** Docker strategy: has the engine build the source's Dockerfile, or the inline one. Answers the image's id; it has no tag yet. */
export const buildDockerfile = async (run: BuildRun, source: FetchedSource): Promise<string> => {
  const strategy = run.build.spec?.strategy?.dockerStrategy ?? {};
  const { settings, engine, signal } = run;
  const path = posix.normalize((strategy.dockerfilePath || "Dockerfile").replace(/^\/+/, ""));
  const original = run.build.spec?.source?.dockerfile || (await readInside(source.folder, path));
  if (original === undefined) throw missingDockerfile(path);

  await run.stage("PullImages");
  const from = strategy.from && resolveImage(strategy.from, run.project, run.streams, settings.registry.host);
  const caBundle = settings.caBundle && (await ensureCaImage(engine, settings.caBundle, settings.instance, signal));
  const handedIn = { ...(caBundle && caVariables(CA_TARGET)), ...settings.buildEnv };
  const dockerfile = rewriteDockerfile(original, {
    env: envRecord(strategy.env),
    finalEnv: buildInfoEnv(run.build, source.revision?.commit),
    labels: { ...buildLabels(run.build, source.revision), ...outputLabels(run.build) },
    handedIn: Object.keys(handedIn),
    ...(from && { from }),
    ...(caBundle && { caBundle }),
  });
  if (strategy.forcePull) for (const image of dockerfile.baseImages) await ensureImage(run, image, true);

  await run.stage("Build");
  const context = contextTar(source.folder, dockerfile.text, await readInside(source.folder, IGNORE), signal);
  const { memoryBytes } = containerLimits(run.build.spec?.resources);
  try {
    return await engine.images.build(context, {
      dockerfile: DOCKERFILE,
      buildArgs: { ...handedIn, ...envRecord(strategy.buildArgs) },
      noCache: strategy.noCache ?? false,
      auths: [registryAuth(settings)],
      onLog: (line) => run.log.line(line),
      signal,
      ...(settings.buildNetwork !== undefined && { networkMode: settings.buildNetwork }),
      ...(memoryBytes !== undefined && { memoryBytes }),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw dockerFailure(error);
  }
};

const missingDockerfile = (path: string): BuildFailure =>
  new BuildFailure(
    "ManageDockerfileFailed",
    `There is no Dockerfile at "${path}" in the source: check spec.source.contextDir and spec.strategy.dockerStrategy.dockerfilePath.`,
  );

const contextTar = (folder: string, dockerfile: string, ignore: string | undefined, signal: AbortSignal) => {
  const ignored = dockerIgnoreFilter(ignore);
  const filter = (entry: string, isFolder: boolean) => (entry === ".git" ? "prune" : ignored(entry, isFolder));
  const hidden = ignore === undefined ? [DOCKERFILE, IGNORE] : [ignore.trimEnd(), DOCKERFILE];
  const replacements = new Map([
    [DOCKERFILE, dockerfile],
    [IGNORE, `${hidden.join("\n")}\n`],
  ]);
  return tarOf((archive) => packTree(archive, folder, { filter, replacements, signal }));
};

const REASONS: Readonly<Record<string, BuildFailureReason>> = {
  Dockerfile: "ManageDockerfileFailed",
  PullBaseImage: "PullBuilderImageFailed",
  OutOfMemory: "OutOfMemoryKilled",
};

const dockerFailure = (error: unknown): BuildFailure => {
  const reason = isSlipwayError(error, "ImageBuildFailed") ? REASONS[String(error.fields.reason)] : undefined;
  return asBuildFailure(error, reason ?? "DockerBuildFailed");
};
