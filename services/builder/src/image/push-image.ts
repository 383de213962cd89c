import { isSlipwayError } from "@slipway/kernel";
import { asBuildFailure, BuildFailure, isDiskFull } from "../build/build-failure.ts";
import type { BuildRun } from "../build/build-run.ts";
import { authFor } from "../build/build-settings.ts";
import type { OutputImage } from "./output-image.ts";

/** Two builds that write the same tag take turns: a push sends what the tag is at that moment. */
const turns = new Map<string, Promise<unknown>>();

const inTurn = async <T>(key: string, task: () => Promise<T>): Promise<T> => {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(task, task);
  turns.set(key, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(key) === mine) turns.delete(key);
  }
};

/** Tags an image and pushes it; answers the digest that the registry has it under. `PushImageToRegistryFailed` else. */
export const pushImage = (run: BuildRun, imageId: string, output: OutputImage): Promise<string> =>
  inTurn(output.reference, async () => {
    const { images } = run.engine;
    const auth = authFor(run.settings, output.host);
    const previous = await images.inspect(output.reference).then(
      (image) => image.id,
      () => undefined,
    );
    run.signal.throwIfAborted();
    run.log.line(`Pushing image ${output.reference} ...`);
    await images.tag(imageId, output.reference);
    try {
      const { digest } = await images.push(output.reference, { signal: run.signal, ...(auth && { auth }) });
      if (previous !== undefined && previous !== imageId) {
        // Nothing needs it here any more, unless a container does: then the engine refuses, and that is fine.
        await images.remove(previous).catch(() => {});
      }
      return digest;
    } catch (error) {
      // The tag goes back, so that this engine does not take for pushed what is not.
      if (previous !== undefined) await images.tag(previous, output.reference).catch(() => {});
      else await images.remove(output.reference).catch(() => {});
      run.signal.throwIfAborted();
      throw pushFailure(error, output.reference);
    }
  });

const WHY: Readonly<Record<string, string>> = {
  NotFound: "the repository does not exist there",
  Unauthorized: "the registry refuses the credentials",
  Network: "the registry cannot be reached",
};

const pushFailure = (error: unknown, reference: string): BuildFailure => {
  const why = isSlipwayError(error, "ImagePushFailed") ? WHY[String(error.fields.reason)] : undefined;
  return why === undefined || isDiskFull(error)
    ? asBuildFailure(error, "PushImageToRegistryFailed", `The image could not be pushed to ${reference}: `)
    : new BuildFailure("PushImageToRegistryFailed", `The image could not be pushed to ${reference}: ${why}.`, {
        cause: error,
      });
};
