import type { ImageStreamJson, NamedTagEventListJson } from "@slipway/proto";
import type { ImageStreamLive } from "./state.ts";

/** The image stream with the history of each tag, newest first. `registryHost` is `host:port` of the platform's registry. */
export const imageStreamView = (state: ImageStreamLive, registryHost?: string): ImageStreamJson => {
  const { namespace = "", name = "" } = state.object.metadata ?? {};
  const tags = Object.keys(state.tags)
    .sort()
    .map((tag) => tagView(tag, state));
  return {
    ...state.object,
    status: {
      ...(registryHost ? { dockerImageRepository: `${registryHost}/${namespace}/${name}` } : {}),
      ...(tags.length === 0 ? {} : { tags }),
    },
  };
};

const tagView = (tag: string, { tags }: ImageStreamLive): NamedTagEventListJson => {
  const items = tags[tag] ?? [];
  return {
    tag,
    items: items.map(({ at, dockerImageReference, image }, index) => ({
      ...(at === "" ? {} : { created: at }),
      dockerImageReference,
      image,
      // Counts up with every image that the tag was given.
      generation: items.length - index,
    })),
  };
};
