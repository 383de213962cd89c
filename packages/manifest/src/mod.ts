/** The one door of the manifests: YAML and JSON in and out, defaults, and validation with the field's path. */
export { parseQuantity } from "@slipway/domain";
export { describeSchema, type FieldDescription, type FieldState } from "./describe-schema.ts";
export { parseDurationMs } from "./duration.ts";
export type { KindObject } from "./kind-object.ts";
export {
  MAX_FILE_BYTES,
  type ManifestFile,
  type ManifestResult,
  type ManifestSource,
  type ManifestWarning,
  type ParsedObject,
  parseManifests,
} from "./parse-manifests.ts";
export { PROBLEM_CODES, type Problem, type ProblemCode, type Warning } from "./problem.ts";
export { MANIFEST_KINDS, type ManifestKind } from "./schema/registry.ts";
export type { ValidationMode } from "./shape.ts";
export { UNBUILT_KINDS } from "./unbuilt-kinds.ts";
export { applyDefaults, type Validated, type ValidateOptions, validateObject } from "./validate-object.ts";
export { toJson, toYaml } from "./write.ts";
