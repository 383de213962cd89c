import type { ImageStreamJson } from "@slipway/proto";
import type { DomainEvent } from "../event.ts";
import { ABSENT, type ObjectAbsent, type ObjectLive } from "../object-state.ts";
import { isUidOf, storedChange, storedObject, storedText } from "../stored-object.ts";

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
  if (event.type === "ImageStreamCreated") {
    const object = storedObject(event.data?.imageStream);
    return object === undefined ? state : { status: "live", object, tags: {} };
  }
  if (state.status !== "live") return state;
  switch (event.type) {
    case "ImageStreamChanged": {
      const object = storedChange(state.object, event.data?.imageStream);
      return object === undefined ? state : { ...state, object };
    }
    case "ImageTagged": {
      const tag = storedText(event.data?.tag);
      if (tag === "") return state;
      const item: TaggedImage = {
        dockerImageReference: storedText(event.data.dockerImageReference),
        image: storedText(event.data.image),
        cause: storedText(event.data.cause),
        at: storedText(event.data.at),
      };
      const earlier = Object.hasOwn(state.tags, tag) ? (state.tags[tag] ?? []) : [];
      return { ...state, tags: { ...state.tags, [tag]: [item, ...earlier] } };
    }
    case "ImageStreamDeleted":
      return isUidOf(state.object, event.data?.uid) ? ABSENT : state;
    default:
      return state;
  }
};
