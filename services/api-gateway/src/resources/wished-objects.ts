import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import {
  type KindObject,
  type ManifestWarning,
  parseManifests,
  type ValidationMode,
  validateObject,
} from "@slipway/manifest";
import type { ApplyRequest } from "@slipway/proto";
import { Validation } from "@slipway/proto";
import { objectOfMessage } from "../resource-message.ts";

const MODES: Readonly<Record<number, ValidationMode>> = {
  [Validation.UNSPECIFIED]: "warn",
  [Validation.WARN]: "warn",
  [Validation.STRICT]: "strict",
  [Validation.IGNORE]: "ignore",
};

export interface WishedObjects {
  readonly objects: readonly KindObject[];
  readonly warnings: readonly ManifestWarning[];
}

/** Every object of a call, typed and with defaults: manifests first, then typed resources. Throws with all problems at once. */
export const wishedObjects = (request: ApplyRequest): WishedObjects => {
  const validation = MODES[request.validation] ?? "warn";
  const options = { validation, ...(request.project === "" ? {} : { project: request.project }) };
  const parsed = parseManifests(
    request.manifests.map(({ name, content }) => ({ name: name || "-", content })),
    options,
  );
  const objects = parsed.objects.map(({ object }) => object);
  const warnings = [...parsed.warnings];
  const problems: FieldProblem[] = [];
  let code: SlipwayError["code"] = "Invalid";
  request.resources.forEach((resource, i) => {
    const validated = validateObject(objectOfMessage(resource), options);
    const label = `resources[${i}]`;
    for (const problem of validated.problems) {
      code = problem.code;
      problems.push({ path: problem.path === "" ? label : `${label}.${problem.path}`, message: problem.message });
    }
    for (const { path, message } of validated.warnings) warnings.push({ object: label, file: "", path, message });
    objects.push(validated.object);
  });
  const [first] = problems;
  if (first !== undefined) throw new SlipwayError(code, `${first.path}: ${first.message}`, { problems });
  if (objects.length === 0) {
    throw new SlipwayError("Invalid", "manifests: Required value: the call holds no object.", {
      problems: [{ path: "manifests", message: "Required value" }],
    });
  }
  return { objects, warnings };
};
