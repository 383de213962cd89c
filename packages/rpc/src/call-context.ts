/** Who makes a call, as far as the server could prove it. */
export interface Principal {
  /** As it stands in the log's events: `user:owner`, `node:node-1`. */
  readonly actor: string;
}

/** What this package writes to; a pino logger has this shape. */
export interface CallLogger {
  child(fields: Record<string, unknown>): CallLogger;
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What a handler knows of the call besides its request. */
export interface CallContext {
  /** Aborts when the client goes away, the deadline passes or the server stops; its reason is a `SlipwayError`. */
  readonly signal: AbortSignal;
  /** When the client gives up, in milliseconds since the epoch; absent: never. */
  readonly deadlineMs?: number;
  readonly principal: Principal;
  /** Text metadata by lowercase name; the credentials are not in it. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The client's address: `127.0.0.1:51234`; for a Unix socket some word of the library. */
  readonly peer: string;
  /** Carries `requestId`, `method` and `actor`. */
  readonly logger: CallLogger;
  /** The client's `x-request-id`, or one of our own making. */
  readonly requestId: string;
  /** `slipway.v1.Resources/Apply`. */
  readonly method: string;
}
