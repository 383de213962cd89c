import { JetStreamApiError, JetStreamError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";

/** Numbers of the JetStream API's errors (`server/errors.json` of nats-server). */
export const JS_CODES = {
  noMessageFound: 10037,
  messageTooLarge: 10054,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  wrongLastSequence: 10071,
  wrongLastSequenceUnknown: 10164,
} as const;

export const hasJetStreamCode = (error: unknown, ...codes: readonly number[]): boolean =>
  error instanceof JetStreamApiError && codes.includes(error.code);

/**
 * The one place where an error of NATS becomes ours. `doing` completes "the bus could not …". A subject that no stream
 * covers is answered by the client library as `JetStreamNotEnabled`: also that means only that the bus is not ready.
 */
export const translate = (error: unknown, doing: string): SlipwayError => {
  if (isSlipwayError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isAuthorization(error)) {
    return new SlipwayError("Unauthenticated", "The bus refused the user or password: check the credentials of NATS.", {
      cause: error,
    });
  }
  const violation = permissionViolation(error);
  if (violation !== undefined) {
    return new SlipwayError("Forbidden", `The bus does not allow this user to ${doing} (${violation.subject}).`, {
      cause: error,
      fields: { subject: violation.subject },
    });
  }
  if (hasJetStreamCode(error, JS_CODES.messageTooLarge) || reason.includes("max_payload")) {
    return new SlipwayError("TooLarge", `The bus could not ${doing}: the message is too large, send less at once.`, {
      cause: error,
    });
  }
  if (isProgrammingError(error))
    return new SlipwayError("Internal", `The bus could not ${doing}: ${reason}.`, { cause: error });
  return new SlipwayError("BusUnavailable", `The bus could not ${doing} (${reason}): try again.`, { cause: error });
};

/** A request that may not be sent fails with the violation as its cause. */
const permissionViolation = (error: unknown) =>
  [error, error instanceof Error ? error.cause : undefined].find(
    (candidate) => candidate instanceof errors.PermissionViolationError,
  );

const isAuthorization = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError ||
  error instanceof errors.UserAuthenticationExpiredError ||
  (error instanceof Error && error.cause instanceof errors.AuthorizationError);

const isProgrammingError = (error: unknown): boolean =>
  !(error instanceof JetStreamError) &&
  (error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.InvalidSubjectError);
