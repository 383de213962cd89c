import { SlipwayError } from "@slipway/kernel";
import { type Document, parseAllDocuments } from "yaml";
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
      parseAllDocuments(content).flatMap((document) => namesIn(contentOf(name, document))),
    )
    .reverse();

const contentOf = (file: string, document: Document.Parsed): unknown => {
  const malformed = (message: string) => new SlipwayError("Malformed", `${file}: ${message.split("\n")[0]}`);
  const [error] = document.errors;
  if (error !== undefined) throw malformed(error.message);
  try {
    return document.toJS();
  } catch (cause) {
    // References to nothing, or to more than a manifest can mean.
    throw malformed(cause instanceof Error ? cause.message : String(cause));
  }
};

const namesIn = (value: unknown): NamedObject[] => {
  if (value === null || typeof value !== "object") return [];
  const { kind, metadata, items } = value as {
    kind?: unknown;
    metadata?: { name?: unknown; namespace?: unknown } | null;
    items?: unknown;
  };
  if (Array.isArray(items)) return items.flatMap(namesIn);
  if (typeof kind !== "string" || typeof metadata?.name !== "string") return [];
  return [
    { kind, name: metadata.name, ...(typeof metadata.namespace === "string" ? { project: metadata.namespace } : {}) },
  ];
};
