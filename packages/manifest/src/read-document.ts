/** One document of a file as plain data. */
export interface ReadDocument {
  /** 1 for the first of its file. */
  readonly document: number;
  readonly value: unknown;
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** The line of a value inside it, when that is known. */
  readonly lineOf?: (path: readonly (string | number)[]) => number | undefined;
}

/** A place that could not be read. Lines and columns count from 1. */
export interface ReadFailure {
  readonly document: number;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ReadResult {
  readonly documents: readonly ReadDocument[];
  readonly failures: readonly ReadFailure[];
}
