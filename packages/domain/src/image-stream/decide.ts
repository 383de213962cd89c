import { SlipwayError } from "@slipway/kernel";
import type { ImageStreamJson } from "@slipway/proto";
import { asCreated, changedObject, checkUid, refuseExisting } from "../object-rules.ts";
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
      return state.status === "live" ? refuseExisting(state.object) : create(command.object);
    case "ApplyImageStream": {
      if (state.status !== "live") return create(command.object);
      const imageStream = changedObject(state.object, command.object, (_live, wished) => wished);
      return imageStream === undefined ? [] : [{ type: "ImageStreamChanged", data: { imageStream } }];
    }
    case "DeleteImageStream":
      checkUid(state, command.uid);
      return state.status === "live"
        ? [{ type: "ImageStreamDeleted", data: { uid: state.object.metadata?.uid ?? "" } }]
        : [];
    case "TagImage": {
      if (state.status !== "live") {
        throw new SlipwayError("NotFound", "The image stream does not exist: create it before an image is tagged.");
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
