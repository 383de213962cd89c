import { ERROR_CODES, type ErrorClass, type ErrorCode, errorClassOf } from "./error-codes.ts";

/** One thing wrong in an input, with the path of its field: `spec.containers[0].image`. */
export interface FieldProblem {
  readonly path: string;
  /** As Kubernetes says it: `Required value`, `Invalid value: "x": must be …`. */
  readonly message: string;
}

interface SlipwayErrorOptions {
  readonly cause?: unknown;
  /** Facts about this error, for programs: `{ stream, expected, actual }`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly FieldProblem[];
  /** Transient only: how long to wait before the next try. */
  readonly retryAfterMs?: number;
}

/** The only error that crosses a package's door. `code` says what happened, `class` what to do about it. */
export class SlipwayError extends Error {
  override readonly name = "SlipwayError";
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly problems: readonly FieldProblem[];
  readonly retryAfterMs: number | undefined;

  /** `message` is one sentence that says what is wrong and the way out. */
  constructor(code: ErrorCode, message: string, options: SlipwayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? {};
    this.problems = options.problems ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get class(): ErrorClass {
    return errorClassOf(this.code);
  }
}

/** True for our own errors, also when they came from a second copy of this package. */
export const isSlipwayError = (error: unknown, code?: ErrorCode): error is SlipwayError =>
  error instanceof Error &&
  error.name === "SlipwayError" &&
  "code" in error &&
  typeof error.code === "string" &&
  error.code in ERROR_CODES &&
  (code === undefined || error.code === code);

/** The one place where `unknown` becomes typed: ours stay as they are, anything else becomes `Internal`. */
export const asSlipwayError = (error: unknown): SlipwayError =>
  isSlipwayError(error)
    ? error
    : new SlipwayError("Internal", error instanceof Error ? error.message : String(error), { cause: error });
