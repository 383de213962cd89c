import { isSlipwayError } from "@slipway/kernel";
import { type ManifestResult, parseManifests } from "./parse-manifests.ts";
import type { ValidationMode } from "./shape.ts";

/** For specs: what is wrong with one manifest, as `path: message` inside the object; empty when it is taken. */
export const problemsOf = (content: string, validation: ValidationMode = "warn"): readonly string[] => {
  try {
    parseManifests([{ name: "f", content }], { validation, project: "demo" });
    return [];
  } catch (error) {
    if (!isSlipwayError(error)) throw error;
    return error.problems.map(({ path, message }) => `${path.replace(/^f(: [^:]+)?(: )?/, "")}: ${message}`);
  }
};

/** For specs: the objects and warnings of one manifest that must be taken. */
export const parseOne = (content: string, validation: ValidationMode = "warn"): ManifestResult =>
  parseManifests([{ name: "f", content }], { validation, project: "demo" });
