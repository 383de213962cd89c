import type { ObjectReferenceJson } from "@slipway/proto";
import { BuildFailure } from "../build/build-failure.ts";
import { parseImageReference, repositoryOf } from "./image-reference.ts";
import { type ImageStreamLookup, splitTag } from "./resolve-image.ts";

/** Where a build's image goes. */
export interface OutputImage {
  /** `127.0.0.1:5000/demo/web:latest`. */
  readonly reference: string;
  /** The reference without its tag. */
  readonly repository: string;
  readonly host: string;
  /** The tag of an image stream that follows the image; absent for an image of another registry. */
  readonly tag?: { readonly project: string; readonly stream: string; readonly tag: string };
}

/** Reads a build's output; `undefined` when the image is not pushed. `InvalidOutputReference` when it means nothing. */
export const resolveOutput = (
  to: ObjectReferenceJson | undefined,
  project: string,
  streams: Pick<ImageStreamLookup, "exists">,
  registryHost: string,
): OutputImage | undefined => {
  if (to === undefined || (to.name ?? "") === "") return undefined;
  const name = to.name ?? "";
  const kind = to.kind || "ImageStreamTag";
  if (kind === "DockerImage") {
    const parsed = parseImageReference(name);
    if (parsed === undefined || parsed.digest !== "")
      throw invalid(`"${name}" is not an image reference with a tag that can be pushed to.`);
    const repository = repositoryOf(parsed);
    return { reference: `${repository}:${parsed.tag || "latest"}`, repository, host: parsed.host };
  }
  if (kind !== "ImageStreamTag") throw invalid(`A build cannot write to a ${kind}: use ImageStreamTag or DockerImage.`);
  const home = to.namespace || project;
  if (home !== project) throw invalid(`A build of project "${project}" cannot write to project "${home}".`);
  const { stream, tag } = splitTag(name);
  const repository = `${registryHost}/${home}/${stream}`;
  const reference = `${repository}:${tag}`;
  if (parseImageReference(reference) === undefined) throw invalid(`"${name}" is not of the form <stream>:<tag>.`);
  if (!streams.exists(home, stream)) {
    throw invalid(
      `The image stream "${stream}" in project "${home}" does not exist: create it, then start the build again.`,
    );
  }
  return { reference, repository, host: registryHost, tag: { project: home, stream, tag } };
};

const invalid = (message: string): BuildFailure => new BuildFailure("InvalidOutputReference", message);
