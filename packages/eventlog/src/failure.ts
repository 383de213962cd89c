import { asSlipwayError, isSlipwayError, SlipwayError } from "@slipway/kernel";
import pg from "pg";

/** How long a caller should wait before it tries again. */
const RETRY_AFTER_MS = 1_000;

/** SQLSTATE classes and codes after which the same call may well succeed: connections, shutdowns, locks, resources. */
const TRANSIENT = /^(08|57P|53|40|25P0[34]|55P03|57014|58)/;

/** Not the whole class 53: too many connections, say, is no full disk. */
const DISK_FULL = "53100";

/**
 * Types whatever `pg` threw. `LogFull` and `LogUnavailable` are Transient; a wrong login or a missing schema says what to
 * mend; anything else is our own mistake and becomes `Internal`.
 */
export const logFailure = (error: unknown): SlipwayError => {
  if (isSlipwayError(error)) return error;
  if (!(error instanceof pg.DatabaseError)) {
    return isConnectionFailure(error) ? unavailable(error) : asSlipwayError(error);
  }
  const code = error.code ?? "";
  if (code === DISK_FULL) {
    return new SlipwayError("LogFull", "The disk of the log is full: free some space; the log goes on by itself.", {
      cause: error,
      retryAfterMs: 5 * RETRY_AFTER_MS,
    });
  }
  if (TRANSIENT.test(code)) return unavailable(error);
  if (code.startsWith("28")) {
    return new SlipwayError("InvalidConfig", `The log's Postgres refused the login: ${error.message}.`, {
      cause: error,
    });
  }
  if (code === "3F000" || code === "42883" || code === "3D000") {
    return new SlipwayError("NotReady", "The log's database has no schema yet: run its migration first.", {
      cause: error,
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  return asSlipwayError(error);
};

/** True when the connection broke, so that nobody knows whether the last statement took effect. */
export const isConnectionLost = (error: unknown): boolean =>
  error instanceof pg.DatabaseError ? /^(08|57P)/.test(error.code ?? "") : isConnectionFailure(error);

/** True before a connection was made and after it broke: errors of the socket, and those that `pg` makes up itself. */
const isConnectionFailure = (error: unknown): boolean => {
  if (isSlipwayError(error)) return false;
  const { code, message } = shapeOf(error);
  return SOCKET_CODES.has(code) || /terminated|timeout|not queryable|Connection ended|closed/i.test(message);
};

/** By shape and not by class: an error of Node's own may come from another realm. */
const shapeOf = (error: unknown): { code: string; message: string } => {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return { code: String(code ?? ""), message: String(message ?? error) };
};

const SOCKET_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EACCES",
  "ENOTCONN",
]);

const unavailable = (cause: unknown): SlipwayError =>
  new SlipwayError(
    "LogUnavailable",
    `The log cannot be reached or is busy (${shapeOf(cause).message}): try again in a moment.`,
    { cause, retryAfterMs: RETRY_AFTER_MS },
  );
