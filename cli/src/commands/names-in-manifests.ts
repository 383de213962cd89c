import { SlipwayError } from "@slipway/kernel";
import { parseAllDocuments } from "yaml";
import type { ManifestText } from "./manifest-files.ts";

export interface NamedObject {
  readonly kind: string;
  readonly name: string;
  readonly project?: string;
}

/** Which objects manifests speak of, the last first: what was made last goes first. Nothing else of them is looked at. */
export const namesInManifests = (files: readonly ManifestText[]): NamedObject[] =>
  files
    .flatMap(({ name, content }) =>
      parseAllDocuments(content).flatMap((document) => {
        const [error] = document.errors;
        if (error !== undefined) throw new SlipwayError("Malformed", `${name}: ${error.message.split("\n")[0]}`);
        return namesIn(document.toJS() as unknown);
      }),
    )
    .reverse();

const namesIn = (value: unknown): NamedObject[] => {
  if (value === null || typeof value !== "object") return [];
  const { kind, metadata, items } = value as {
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown };
    items?: unknown;
  };
  if (Array.isArray(items)) return items.flatMap(namesIn);
  if (typeof kind !== "string" || typeof metadata?.name !== "string") return [];
  return [
    { kind, name: metadata.name, ...(typeof metadata.namespace === "string" ? { project: metadata.namespace } : {}) },
  ];
};
