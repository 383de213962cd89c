import { buildDockerfile } from "../docker/build-dockerfile.ts";
import { type OutputImage, resolveOutput } from "../image/output-image.ts";
import { pushImage } from "../image/push-image.ts";
import { buildFromSource } from "../s2i/build-from-source.ts";
import { fetchSource } from "../source/fetch-source.ts";
import { BuildFailure } from "./build-failure.ts";
import type { BuildRun } from "./build-run.ts";

/** What a build that went well has made; absent when its image is not pushed. */
export type BuildResult = { readonly output: OutputImage; readonly digest: string } | undefined;

/** One build from its source to its image in the registry: fetch, build by its strategy, push. */
export const runBuild = async (run: BuildRun): Promise<BuildResult> => {
  const { spec = {} } = run.build;
  const output = resolveOutput(spec.output?.to, run.project, run.streams, run.settings.registry.host);
  await run.stage("FetchInputs");
  const source = await fetchSource(run);
  run.signal.throwIfAborted();
  const { strategy } = spec;
  const isDocker =
    strategy?.type === "Docker" || (strategy?.sourceStrategy === undefined && strategy?.dockerStrategy !== undefined);
  if (!isDocker && strategy?.sourceStrategy === undefined) {
    throw new BuildFailure(
      "GenericBuildFailed",
      "The build has neither a source strategy nor a Docker strategy: set spec.strategy.",
    );
  }
  const imageId = isDocker ? await buildDockerfile(run, source) : await buildFromSource(run, source, output);
  let pushed = false;
  try {
    if (output === undefined) {
      run.log.line("Build complete, no image push requested");
      return undefined;
    }
    await run.stage("PushImage");
    const digest = await pushImage(run, imageId, output);
    pushed = true;
    run.log.line(`Successfully pushed ${output.repository}@${digest}`);
    return { output, digest };
  } finally {
    // An image without a name would stay on the disk for ever.
    if (!pushed) await run.engine.images.remove(imageId).catch(() => {});
  }
};
