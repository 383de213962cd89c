import { type ErrorCode, isSlipwayError, SlipwayError } from "@slipway/kernel";

/** What a call was about, for the message and for what a 404 means. */
export interface Subject {
  readonly kind: "container" | "image" | "network" | "engine";
  readonly name: string;
}

const MISSING: Record<Subject["kind"], ErrorCode> = {
  container: "ContainerNotFound",
  image: "ImageNotFound",
  network: "NotFound",
  engine: "EngineError",
};

/** The socket does not answer, or it went away in the middle of a call. */
const CONNECTION_CODES = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "EACCES",
  "ETIMEDOUT",
  "EHOSTUNREACH",
]);

/** The library's rejection, taken apart. */
export interface EngineReply {
  /** HTTP status, or `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** Node's code of a failed connection. */
  readonly connectionCode: string | undefined;
  /** The engine's sentence, without the library's wrapping. */
  readonly text: string;
}

export const engineReply = (error: unknown): EngineReply => {
  const raw = (typeof error === "object" && error !== null ? error : {}) as {
    statusCode?: unknown;
    code?: unknown;
    message?: unknown;
  };
  const message = typeof raw.message === "string" ? raw.message : String(error);
  return {
    status: typeof raw.statusCode === "number" ? raw.statusCode : undefined,
    connectionCode: typeof raw.code === "string" ? raw.code : undefined,
    text: message.replace(/^\(HTTP code \d+\)[^-]*- /, "").trim(),
  };
};

/** The one place where what the engine or its library throws becomes ours. */
export const toEngineError = (error: unknown, subject: Subject): SlipwayError => {
  if (isSlipwayError(error)) return error;
  const { status, connectionCode, text } = engineReply(error);
  const fields = { [subject.kind]: subject.name, ...(status === undefined ? {} : { status }) };
  const options = { cause: error, fields };
  if (status === undefined && (isConnectionCode(connectionCode) || /socket hang up|aborted/.test(text))) {
    return new SlipwayError(
      "EngineUnavailable",
      `The container engine does not answer (${connectionCode ?? text}): check that Docker Engine runs and that its socket may be used.`,
      { ...options, retryAfterMs: 1_000 },
    );
  }
  if (status === 404) {
    if (/no such image|image .*not found/i.test(text)) return imageNotFound(text, options);
    return new SlipwayError(MISSING[subject.kind], `There is no ${subject.kind} "${subject.name}": ${text}.`, options);
  }
  if (status === 409 || status === 304 || /has active endpoints/.test(text)) {
    return new SlipwayError("EngineConflict", `The engine refused for ${describe(subject)}: ${text}.`, options);
  }
  return new SlipwayError("EngineError", `The container engine failed for ${describe(subject)}: ${text}.`, options);
};

/** Runs one call of the library; its failure comes out typed, and an abort as the signal's own reason. */
export const guarded = async <T>(
  subject: Subject,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted();
  try {
    return await run();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw toEngineError(error, subject);
  }
};

/** As `guarded`, but an answer with one of these statuses means that there was nothing to do. */
export const guardedUnless = async (
  statuses: readonly number[],
  subject: Subject,
  signal: AbortSignal | undefined,
  run: () => Promise<unknown>,
): Promise<void> => {
  await guarded(subject, signal, async () => {
    try {
      await run();
    } catch (error) {
      const { status } = engineReply(error);
      if (status === undefined || !statuses.includes(status)) throw error;
    }
  });
};

export const isConnectionCode = (code: string | undefined): boolean => code !== undefined && CONNECTION_CODES.has(code);

const describe = (subject: Subject): string =>
  subject.kind === "engine" ? `"${subject.name}"` : `${subject.kind} "${subject.name}"`;

const imageNotFound = (text: string, options: ConstructorParameters<typeof SlipwayError>[2]): SlipwayError =>
  new SlipwayError("ImageNotFound", `The image is not on the engine: ${text}. Pull it or build it first.`, options);
