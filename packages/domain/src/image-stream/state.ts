import type { ImageStreamJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";

/** One image that a tag pointed, or points, to. */
export interface TaggedImage {
  readonly dockerImageReference: string;
  /** Digest. */
  readonly image: string;
  readonly cause: string;
  readonly at: string;
}

export interface ImageStreamLive extends ObjectLive<ImageStreamJson> {
  /** Per tag, the newest first. */
  readonly tags: Readonly<Record<string, readonly TaggedImage[]>>;
}

export type ImageStreamState = ImageStreamLive | ObjectAbsent;

export const initial: ImageStreamState = ABSENT;

export const evolve = (state: ImageStreamState, event: DomainEvent): ImageStreamState => {
  switch (event.type) {
    case "ImageStreamCreated":
    case "ImageStreamChanged": {
      const object = event.data?.imageStream;
      if (object === undefined) return state;
      return { status: "live", object, tags: state.status === "live" ? state.tags : {} };
    }
    case "ImageTagged": {
      if (state.status !== "live" || !event.data?.tag) return state;
      const { tag, dockerImageReference = "", image = "", cause = "", at = "" } = event.data;
      const item: TaggedImage = { dockerImageReference, image, cause, at };
      return { ...state, tags: { ...state.tags, [tag]: [item, ...(state.tags[tag] ?? [])] } };
    }
    case "ImageStreamDeleted":
      return ABSENT;
    default:
      return state;
  }
};
