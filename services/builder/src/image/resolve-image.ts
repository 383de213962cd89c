import type { ObjectReferenceJson } from "@slipway/proto";
import { BuildFailure } from "../build/build-failure.ts";
import { parseImageReference } from "./image-reference.ts";

/** Where a tag of an image stream points now. */
export interface ImageStreamLookup {
  readonly exists: (project: string, stream: string) => boolean;
  /** The newest image of the tag, by digest; `undefined` when the stream or the tag has none. */
  readonly latest: (project: string, stream: string, tag: string) => string | undefined;
  /** What the stream's spec says the tag shall be. */
  readonly declared: (project: string, stream: string, tag: string) => ObjectReferenceJson | undefined;
}

/** Tags may point at tags; a ring of them ends here. */
const MAX_HOPS = 8;

/** The image that a `from` means, as the engine takes it. `InvalidImageReference` when there is none. */
export const resolveImage = (
  from: ObjectReferenceJson | undefined,
  project: string,
  streams: ImageStreamLookup,
  registryHost: string,
  hops = 0,
): string => {
  const name = from?.name ?? "";
  const kind = from?.kind || "DockerImage";
  const home = from?.namespace || project;
  if (name === "") throw invalid("The build names no image to start from: set the strategy's from.");
  if (hops > MAX_HOPS) throw invalid(`The tag "${name}" points at itself through other tags.`);
  if (kind === "DockerImage") {
    if (parseImageReference(name) === undefined) throw invalid(`"${name}" is not a valid image reference.`);
    return name;
  }
  if (kind === "ImageStreamTag") {
    const { stream, tag } = splitTag(name);
    const latest = streams.latest(home, stream, tag);
    if (latest !== undefined) return latest;
    const declared = streams.declared(home, stream, tag);
    if (declared !== undefined) {
      const next =
        declared.kind === "ImageStreamTag" && !declared.name?.includes(":")
          ? { ...declared, name: `${declared.namespace ? "" : `${stream}:`}${declared.name}` }
          : declared;
      return resolveImage(next, home, streams, registryHost, hops + 1);
    }
    const why = streams.exists(home, stream) ? `has no tag "${tag}" yet` : "does not exist";
    throw invalid(`The image stream "${stream}" in project "${home}" ${why}: build or tag an image there first.`);
  }
  if (kind === "ImageStreamImage") {
    const reference = `${registryHost}/${home}/${name}`;
    if (parseImageReference(reference)?.digest === "")
      throw invalid(`"${name}" is not of the form <stream>@sha256:<digest>.`);
    return reference;
  }
  throw invalid(`A build cannot start from a ${kind}: use ImageStreamTag, ImageStreamImage or DockerImage.`);
};

/** `web:v1` as stream and tag; the tag is `latest` when it is not said. */
export const splitTag = (name: string): { readonly stream: string; readonly tag: string } => {
  const colon = name.lastIndexOf(":");
  return colon < 0 ? { stream: name, tag: "latest" } : { stream: name.slice(0, colon), tag: name.slice(colon + 1) };
};

const invalid = (message: string): BuildFailure => new BuildFailure("InvalidImageReference", message);
