import type { ImageLookupPolicyJson, ImageStreamJson, ImageStreamSpecJson, TagReferenceJson } from "@slipway/proto";
import { checkAnnotations } from "../format/labels.ts";
import { checkImageReference, IMAGE_KINDS } from "./build-strategy.ts";
import { boolean, later, list, map, object, serverOwned, string } from "./field.ts";
import { metadata, reference } from "./meta.ts";

const tagName = (value: string): readonly string[] =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(value)
    ? []
    : ["must consist of letters, digits, '_', '.' or '-', and must start with a letter, a digit or '_'"];

const tag = object<TagReferenceJson>({
  name: string({ required: true, format: tagName }),
  annotations: map(string({ keepEmpty: true }), { check: checkAnnotations }),
  from: reference(
    {
      kind: string({ required: true, values: IMAGE_KINDS }),
      name: string({ required: true }),
    },
    (value, report) => {
      // A tag of the same stream is named alone: `2.4`.
      const isTagAlone =
        value.kind === "ImageStreamTag" && value.name !== undefined && tagName(value.name).length === 0;
      if (!isTagAlone) checkImageReference(value, report);
    },
  ),
  reference: boolean(),
  generation: serverOwned(),
  importPolicy: object({ insecure: later(false), scheduled: later(false), importMode: later("Legacy") }),
  referencePolicy: object({ type: later("Source") }),
});

/** ImageStream. */
export const imageStream = object<ImageStreamJson>({
  apiVersion: string(),
  kind: string(),
  metadata: metadata(),
  spec: object<ImageStreamSpecJson>(
    {
      lookupPolicy: object<ImageLookupPolicyJson>({ local: boolean() }),
      tags: list(tag, { uniqueBy: "name" }),
      dockerImageRepository: later(),
    },
    { implied: true },
  ),
  status: serverOwned(),
});
