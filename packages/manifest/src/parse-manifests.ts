import { type FieldProblem, SlipwayError } from "@slipway/kernel";
import type { KindObject } from "./kind-object.ts";
import { PROBLEM_CODES, type Problem, type ProblemCode, type Warning } from "./problem.ts";
import type { ReadDocument } from "./read-document.ts";
import { readFile } from "./read-file.ts";
import { isPlain } from "./shape.ts";
import { type Unfolded, unfold } from "./unfold.ts";
import { type ValidateOptions, validateObject } from "./validate-object.ts";

/** One file of manifests; `name` is what messages call it: a path, or `-` for the standard input. */
export interface ManifestFile {
  readonly name: string;
  readonly content: string;
}

/** Where an object stood. */
export interface ManifestSource {
  readonly file: string;
  /** The number of the document in its file, from 1. */
  readonly document: number;
  /** The line that the object begins on, from 1, where that is known. */
  readonly line?: number;
  /** Its place in a List: `items[2]`, or `""`. */
  readonly path: string;
}

/** A typed object with its defaults, without unknown fields and without those that the server owns. */
export interface ParsedObject {
  readonly object: KindObject;
  readonly source: ManifestSource;
}

/** A field that was let pass: which object (`Service/web`), where and what. */
export interface ManifestWarning extends Warning {
  readonly object: string;
  readonly file: string;
}

export interface ManifestResult {
  readonly objects: readonly ParsedObject[];
  readonly warnings: readonly ManifestWarning[];
}

/** A file larger than this is no manifest. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

interface Found {
  readonly code: ProblemCode;
  readonly problem: FieldProblem;
}

const WAY_OUT: Partial<Record<ProblemCode, string>> = {
  NotSupportedYet: "; take it out, or apply with --validate=ignore to leave such fields out",
  UnknownField: "; take it out, or apply with --validate=warn to let such fields pass",
};

const refusal = (found: readonly Found[]): SlipwayError => {
  const code = PROBLEM_CODES.find((candidate) => found.some((one) => one.code === candidate)) ?? "Invalid";
  const first = (found.find((one) => one.code === code) as Found).problem;
  const more = found.length === 1 ? "" : ` (and ${found.length - 1} more problem${found.length === 2 ? "" : "s"})`;
  // A whole kind cannot be left out of itself.
  const wayOut = first.path.endsWith(": kind") ? "" : (WAY_OUT[code] ?? "");
  return new SlipwayError(code, `${first.path}: ${first.message}${wayOut}${more}`, {
    problems: found.map((one) => one.problem),
  });
};

/** Short and without blanks: fit to stand in a path. */
const isWord = (text: unknown): text is string => typeof text === "string" && /^[^\s:]{1,253}$/.test(text);

/** `Service/web`, or what there is of it. */
const labelOf = (object: unknown, source: ManifestSource): string => {
  const at = source.line === undefined ? `document ${source.document}` : `line ${source.line}`;
  if (!isPlain(object) || !isWord(object.kind)) return `object at ${at}`;
  const metadata = isPlain(object.metadata) ? object.metadata : {};
  const name = metadata.name || metadata.generateName;
  return isWord(name) ? `${object.kind}/${name}` : `${object.kind} at ${at}`;
};

const sourceOf = (file: string, read: ReadDocument, { path, keys }: Unfolded): ManifestSource => {
  const line = keys.length === 0 ? read.line : read.lineOf?.(keys);
  return { file, document: read.document, ...(line === undefined ? {} : { line }), path };
};

const tooLarge = (file: ManifestFile): Found => ({
  code: "TooLarge",
  problem: { path: file.name, message: `larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB; split it into several files` },
});

/** More problems than this are not told: the first ones are enough to begin with. */
const MAX_TOLD = 10_000;

/** What a file holds: its objects, each with its place, and the places that could not be read. */
function* contentOf(file: ManifestFile): Generator<Found | (Unfolded & { readonly source: ManifestSource })> {
  if (Buffer.byteLength(file.content) > MAX_FILE_BYTES) {
    yield tooLarge(file);
    return;
  }
  const { documents, failures } = readFile(file.content);
  for (const { line, column, message } of failures) {
    yield { code: "Malformed", problem: { path: `${file.name}:${line}:${column}`, message } };
  }
  for (const read of documents) {
    for (const unfolded of unfold(read.value)) yield { ...unfolded, source: sourceOf(file.name, read, unfolded) };
  }
}

/**
 * Reads manifests in YAML or JSON into typed objects. All files are read to the end: the one `SlipwayError` that is
 * thrown holds every problem of every object, each path led by its file and object (`web.yaml: Service/web:
 * spec.ports[0].port`) or by its place in the file (`web.yaml:12:3`). Its code is that of the gravest problem:
 * `Malformed`, `TooLarge`, `UnknownKind`, `Invalid`, `NotSupportedYet`, `UnknownField`.
 */
export const parseManifests = (files: readonly ManifestFile[], options: ValidateOptions): ManifestResult => {
  const objects: ParsedObject[] = [];
  const warnings: ManifestWarning[] = [];
  const found: Found[] = [];
  for (const file of files) {
    for (const content of contentOf(file)) {
      if (found.length >= MAX_TOLD) throw refusal(found);
      if ("code" in content) {
        found.push(content);
        continue;
      }
      const { source } = content;
      const label = labelOf(content.object, source);
      const prefix = `${file.name}: ${label}`;
      const tell = ({ code, path, message }: Problem): void => {
        found.push({ code, problem: { path: path === "" ? prefix : `${prefix}: ${path}`, message } });
      };
      if (content.problem) {
        tell(content.problem);
        continue;
      }
      const validated = validateObject(content.object, options);
      for (const problem of validated.problems) tell(problem);
      for (const warning of validated.warnings) warnings.push({ object: label, file: file.name, ...warning });
      if (validated.problems.length === 0) objects.push({ object: validated.object, source });
    }
  }
  if (found.length > 0) throw refusal(found);
  return { objects, warnings };
};
