import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Any, anyPack, anyUnpack, DurationSchema } from "@bufbuild/protobuf/wkt";
import { ERROR_CODES, type ErrorCode, type FieldProblem, type SlipwayError } from "@slipway/kernel";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RequestInfoSchema,
  RetryInfoSchema,
} from "../gen/google/rpc/error_details_pb.js";
import { StatusSchema } from "../gen/google/rpc/status_pb.js";

const DOMAIN = "slipway";

/**
 * Details and message travel in headers, and 8 KiB of headers is what every client takes. Base64 makes the details a
 * third larger, percent signs a message three times as large in scripts other than Latin, hence these bounds.
 */
export const MOST_MESSAGE_BYTES = 900;
const MOST_PROBLEM_BYTES = 2_300;
const MOST_TEXT_BYTES = 250;
const MOST_FIELDS_BYTES = 600;

/** One of our errors as the bytes of a `google.rpc.Status`, the form in which other gRPC clients expect details. */
export const encodeDetails = (
  error: SlipwayError,
  grpcStatus: number,
  message: string,
  requestId: string,
): Uint8Array => {
  const details = [
    anyPack(
      ErrorInfoSchema,
      create(ErrorInfoSchema, { reason: error.code, domain: DOMAIN, metadata: textFields(error.fields) }),
    ),
    anyPack(RequestInfoSchema, create(RequestInfoSchema, { requestId })),
  ];
  if (error.problems.length > 0) {
    const fieldViolations = boundedViolations(error.problems);
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  if (error.retryAfterMs !== undefined) {
    const retryDelay = create(DurationSchema, {
      seconds: BigInt(Math.floor(error.retryAfterMs / 1_000)),
      nanos: Math.round((error.retryAfterMs % 1_000) * 1e6),
    });
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  return toBinary(StatusSchema, create(StatusSchema, { code: grpcStatus, message, details }));
};

/** Fields as text, since the wire knows no other: text stays as it is, anything else becomes JSON. */
const textFields = (fields: Readonly<Record<string, unknown>>): Record<string, string> => {
  const texts: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(fields)) {
    const text = cut(typeof value === "string" ? value : (JSON.stringify(value) ?? ""), MOST_TEXT_BYTES);
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
    if (bytes > MOST_FIELDS_BYTES) break;
    texts[name] = text;
  }
  return texts;
};

const boundedViolations = (problems: readonly FieldProblem[]): { field: string; description: string }[] => {
  const violations: { field: string; description: string }[] = [];
  let bytes = 0;
  for (const { path, message } of problems) {
    const violation = { field: cut(path, MOST_TEXT_BYTES), description: cut(message, 2 * MOST_TEXT_BYTES) };
    bytes += Buffer.byteLength(violation.field) + Buffer.byteLength(violation.description) + 8;
    if (bytes > MOST_PROBLEM_BYTES) {
      violations.push({ field: "", description: `… and ${problems.length - violations.length} more` });
      break;
    }
    violations.push(violation);
  }
  return violations;
};

/** Text of at most so many bytes of UTF-8, whole characters only, an ellipsis where something is missing. */
export const cut = (text: string, mostBytes: number): string => {
  const bytes = Buffer.from(text);
  if (bytes.length <= mostBytes) return text.toWellFormed();
  const whole = new TextDecoder().decode(bytes.subarray(0, mostBytes - 3), { stream: true });
  return `${whole}…`;
};

/** What the details of a status say, as far as they are ours. */
export interface DecodedDetails {
  /** Absent when the error is of another domain or of a version that knows more codes than this one. */
  readonly code?: ErrorCode;
  readonly fields: Readonly<Record<string, string>>;
  readonly problems: readonly FieldProblem[];
  readonly retryAfterMs?: number;
  readonly requestId?: string;
}

const NOTHING: DecodedDetails = { fields: {}, problems: [] };

/** Reads the bytes of a `google.rpc.Status`; bytes that are none say nothing. */
export const decodeDetails = (bytes: Uint8Array): DecodedDetails => {
  try {
    const { details } = fromBinary(StatusSchema, bytes);
    let read = NOTHING;
    for (const any of details) read = { ...read, ...decodeOne(any) };
    return read;
  } catch {
    return NOTHING;
  }
};

const decodeOne = (any: Any): Partial<DecodedDetails> => {
  const info = anyUnpack(any, ErrorInfoSchema);
  if (info?.domain === DOMAIN) {
    return isErrorCode(info.reason) ? { code: info.reason, fields: info.metadata } : { fields: info.metadata };
  }
  const badRequest = anyUnpack(any, BadRequestSchema);
  if (badRequest !== undefined) {
    return {
      problems: badRequest.fieldViolations.map(({ field, description }) => ({ path: field, message: description })),
    };
  }
  const delay = anyUnpack(any, RetryInfoSchema)?.retryDelay;
  if (delay !== undefined) return { retryAfterMs: Number(delay.seconds) * 1_000 + delay.nanos / 1e6 };
  const requestId = anyUnpack(any, RequestInfoSchema)?.requestId;
  return requestId === undefined ? {} : { requestId };
};

const isErrorCode = (reason: string): reason is ErrorCode => Object.hasOwn(ERROR_CODES, reason);
