import { Metadata, type StatusObject } from "@grpc/grpc-js";
import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import type { CallLogger } from "./call-context.ts";
import { codeOfGrpcStatus, grpcStatusOf } from "./status.ts";
import { cut, decodeDetails, encodeDetails, MOST_MESSAGE_BYTES } from "./status-details.ts";

/** Where gRPC puts the bytes of a `google.rpc.Status`. */
export const DETAILS_KEY = "grpc-status-details-bin";

/** A server's refusal as the library sends it. */
export type WireError = StatusObject;

/**
 * What the client is told of an error. Ours go out whole. Of any other error, which may hold anything, only the
 * request's id goes out; the error itself, with its stack, goes to the log under that id.
 */
export const toWireError = (error: unknown, requestId: string, logger: CallLogger): WireError => {
  if (isSlipwayError(error) && error.code !== "Internal") {
    logger.debug({ code: error.code, reason: error.message }, "call refused");
    return wireErrorOf(error, requestId);
  }
  logger.error({ error }, "call failed");
  return wireErrorOf(
    new SlipwayError("Internal", `The server made a mistake; its log explains it under request id ${requestId}.`),
    requestId,
  );
};

/** Our error as the library sends it, its details bounded so that every client takes them. */
export const wireErrorOf = (error: SlipwayError, requestId: string): WireError => {
  const code = grpcStatusOf(error.code);
  const message = cut(error.message, MOST_MESSAGE_BYTES);
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, Buffer.from(encodeDetails(error, code, message, requestId)));
  return { code, details: message, metadata };
};

/** Our error again, from what the client's library reports of a failed call. */
export const fromWireError = (error: Partial<StatusObject>): SlipwayError => {
  const { code: grpcCode = 2, details: message = "", metadata } = error;
  const [bytes] = metadata?.get(DETAILS_KEY) ?? [];
  const details = bytes instanceof Uint8Array ? decodeDetails(bytes) : decodeDetails(new Uint8Array());
  const code = details.code ?? codeOfGrpcStatus(grpcCode);
  return new SlipwayError(code, details.code === undefined ? plainSentence(grpcCode, message) : message, {
    cause: error,
    fields: details.requestId === undefined ? details.fields : { ...details.fields, requestId: details.requestId },
    problems: details.problems,
    ...(details.retryAfterMs !== undefined && { retryAfterMs: details.retryAfterMs }),
  });
};

/** The library's own messages are for its authors; the ones that users meet are said anew. */
const plainSentence = (grpcCode: number, message: string): string => {
  const tooLarge = tooLargeSentence("answer", message);
  if (tooLarge !== undefined) return tooLarge;
  switch (codeOfGrpcStatus(grpcCode)) {
    case "ServerUnavailable":
      return `The server cannot be reached (${message}): check that it runs and that the address is right.`;
    case "DeadlineExceeded":
      return "The server did not answer in time: try again, or allow the call more time.";
    case "Cancelled":
      return "The call was cancelled.";
    default:
      return message;
  }
};

/** Names the limit that a message broke, from what the library says of it; `undefined` when it speaks of something else. */
export const tooLargeSentence = (what: "request" | "answer", message = ""): string | undefined => {
  const numbers = /^Received message larger than max \((\d+) vs\.? (\d+)\)/.exec(message);
  const inflated = /^Received message that decompresses to a size larger than (\d+)/.exec(message);
  const wayOut = what === "request" ? "send less in one call" : "ask for less in one call";
  if (numbers !== null)
    return `The ${what} of ${numbers[1]} bytes is larger than the limit of ${numbers[2]} bytes: ${wayOut}.`;
  return inflated === null ? undefined : `The ${what} is larger than the limit of ${inflated[1]} bytes: ${wayOut}.`;
};
