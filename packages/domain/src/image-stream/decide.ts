import type { ImageStreamJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, isNew, refuseMissing } from "../object-rules.ts";
import type { ImageStreamEvent } from "./events.ts";
import type { ImageStreamState } from "./state.ts";

export type ImageStreamCommand =
  | { readonly type: "CreateImageStream"; readonly object: ImageStreamJson }
  | { readonly type: "ApplyImageStream"; readonly object: ImageStreamJson }
  | { readonly type: "DeleteImageStream"; readonly uid?: string }
  | {
      readonly type: "TagImage";
      readonly tag: string;
      /** By digest. */
      readonly dockerImageReference: string;
      /** The digest alone. */
      readonly image: string;
      readonly cause: string;
      readonly at: string;
    };

export const decide = (command: ImageStreamCommand, state: ImageStreamState): readonly ImageStreamEvent[] => {
  switch (command.type) {
    case "CreateImageStream":
      return isNew(state.status === "live" ? state.object : undefined, command.object) ? create(command.object) : [];
    case "ApplyImageStream": {
      if (state.status !== "live") return create(command.object);
      const imageStream = changedObject(state.object, command.object, (_live, wished) => wished);
      return imageStream === undefined ? [] : [{ type: "ImageStreamChanged", data: { imageStream } }];
    }
    case "DeleteImageStream":
      if (state.status !== "live") return [];
      checkUid(state.object, command.uid);
      return [{ type: "ImageStreamDeleted", data: { uid: state.object.metadata?.uid ?? "" } }];
    case "TagImage": {
      if (state.status !== "live") {
        return refuseMissing("image stream", "create it before an image is tagged");
      }
      const { type: _type, ...data } = command;
      if (state.tags[command.tag]?.[0]?.image === command.image) return [];
      return [{ type: "ImageTagged", data }];
    }
    default:
      return command satisfies never;
  }
};

const create = (object: ImageStreamJson): ImageStreamEvent[] => [
  { type: "ImageStreamCreated", data: { imageStream: asCreated(object) } },
];
