import type { ImageInfo } from "@slipway/containers";
import { isSlipwayError } from "@slipway/kernel";
import { asBuildFailure, BuildFailure, isDiskFull } from "../build/build-failure.ts";
import type { BuildRun } from "../build/build-run.ts";
import { authFor } from "../build/build-settings.ts";
import { parseImageReference } from "./image-reference.ts";

/** Brings an image to the engine, unless it is there and no newer one is asked for. `PullBuilderImageFailed` when it cannot. */
export const ensureImage = async (
  run: Pick<BuildRun, "engine" | "settings" | "log" | "signal">,
  ref: string,
  forcePull: boolean,
): Promise<ImageInfo> => {
  const { images } = run.engine;
  if (!forcePull) {
    const present = await images.inspect(ref, run.signal).catch((error: unknown) => {
      if (isSlipwayError(error, "ImageNotFound")) return undefined;
      throw error;
    });
    if (present !== undefined) return present;
  }
  run.log.line(`Pulling image "${ref}" ...`);
  const auth = authFor(run.settings, parseImageReference(ref)?.host ?? "");
  try {
    await images.pull(ref, { signal: run.signal, ...(auth && { auth }) });
  } catch (error) {
    run.signal.throwIfAborted();
    throw pullFailure(error, ref);
  }
  return images.inspect(ref, run.signal);
};

const WHY: Readonly<Record<string, string>> = {
  NotFound: "it does not exist there",
  Unauthorized: "the registry refuses it without credentials",
  Network: "the registry cannot be reached",
  InvalidName: "its name is not valid",
};

const pullFailure = (error: unknown, ref: string): BuildFailure => {
  const why = isSlipwayError(error, "ImagePullFailed") ? WHY[String(error.fields.reason)] : undefined;
  return why === undefined || isDiskFull(error)
    ? asBuildFailure(error, "PullBuilderImageFailed", `The image "${ref}" could not be pulled: `)
    : new BuildFailure("PullBuilderImageFailed", `The image "${ref}" could not be pulled: ${why}.`, { cause: error });
};
