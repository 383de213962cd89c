import type { ErrorCode } from "@slipway/kernel";

/** What can be wrong with one place of a manifest, the gravest first. */
export const PROBLEM_CODES = [
  "Malformed",
  "TooLarge",
  "UnknownKind",
  "Invalid",
  "NotSupportedYet",
  "UnknownField",
] as const satisfies readonly ErrorCode[];

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** One thing wrong with an object. `path` is inside the object: `spec.ports[0].port`, `""` for the object itself. */
export interface Problem {
  readonly code: ProblemCode;
  readonly path: string;
  readonly message: string;
}

/** One thing that was let pass, with its path inside the object. */
export interface Warning {
  readonly path: string;
  readonly message: string;
}

/** Of one object no more problems are told, and no more warnings: who made so many is not helped by the rest. */
export const MAX_PROBLEMS = 1000;

/** A text as it is shown in a message: quoted, and cut when it is long. */
export const quoted = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
