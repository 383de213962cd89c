import { status } from "@grpc/grpc-js";
import type { ErrorCode } from "@slipway/kernel";

/** The names of gRPC's status codes: `NOT_FOUND`. */
export type GrpcStatusName = Exclude<keyof typeof status, "OK">;

interface WireStatus {
  readonly grpc: GrpcStatusName;
  /** The status of an HTTP response that says the same, as Kubernetes' API server uses it where it has the case. */
  readonly http: number;
}

const wire = (grpc: GrpcStatusName, http: number): WireStatus => ({ grpc, http });

/** How each of our errors looks on the wire. The only such table. */
export const WIRE_STATUS: Readonly<Record<ErrorCode, WireStatus>> = {
  // Input
  Invalid: wire("INVALID_ARGUMENT", 422),
  UnknownKind: wire("INVALID_ARGUMENT", 400),
  NotSupportedYet: wire("INVALID_ARGUMENT", 422),
  UnknownField: wire("INVALID_ARGUMENT", 400),
  Malformed: wire("INVALID_ARGUMENT", 400),
  TooLarge: wire("RESOURCE_EXHAUSTED", 413),
  // Objects
  NotFound: wire("NOT_FOUND", 404),
  AlreadyExists: wire("ALREADY_EXISTS", 409),
  Immutable: wire("FAILED_PRECONDITION", 422),
  ProjectTerminating: wire("FAILED_PRECONDITION", 403),
  FailedPrecondition: wire("FAILED_PRECONDITION", 412),
  HostAlreadyClaimed: wire("ALREADY_EXISTS", 409),
  // Access
  Unauthenticated: wire("UNAUTHENTICATED", 401),
  Forbidden: wire("PERMISSION_DENIED", 403),
  // The log
  UnknownEventType: wire("INVALID_ARGUMENT", 400),
  EmptyBatch: wire("INVALID_ARGUMENT", 400),
  EventTooLarge: wire("RESOURCE_EXHAUSTED", 413),
  InvalidExpectedVersion: wire("INVALID_ARGUMENT", 400),
  UnknownPosition: wire("OUT_OF_RANGE", 400),
  DuplicateEventId: wire("ALREADY_EXISTS", 409),
  VersionConflict: wire("ABORTED", 409),
  LogUnavailable: wire("UNAVAILABLE", 503),
  LogFull: wire("RESOURCE_EXHAUSTED", 507),
  SchemaTooNew: wire("INTERNAL", 500),
  LogBehindBus: wire("INTERNAL", 500),
  // The bus
  BusUnavailable: wire("UNAVAILABLE", 503),
  NoResponder: wire("UNAVAILABLE", 503),
  // The API
  ServerUnavailable: wire("UNAVAILABLE", 503),
  // Containers and builds
  EngineUnavailable: wire("UNAVAILABLE", 503),
  ContainerNotFound: wire("NOT_FOUND", 404),
  ImageNotFound: wire("NOT_FOUND", 404),
  ImagePullFailed: wire("UNAVAILABLE", 502),
  ContainerStartFailed: wire("FAILED_PRECONDITION", 422),
  ImageBuildFailed: wire("FAILED_PRECONDITION", 422),
  ImagePushFailed: wire("UNAVAILABLE", 502),
  EngineConflict: wire("ABORTED", 409),
  EngineError: wire("UNAVAILABLE", 502),
  // Process
  InvalidConfig: wire("INTERNAL", 500),
  PortTaken: wire("INTERNAL", 500),
  MissingProgram: wire("INTERNAL", 500),
  NotRoot: wire("INTERNAL", 500),
  StartFailed: wire("INTERNAL", 500),
  NotReady: wire("UNAVAILABLE", 503),
  DeadlineExceeded: wire("DEADLINE_EXCEEDED", 504),
  Cancelled: wire("CANCELLED", 499),
  Internal: wire("INTERNAL", 500),
};

/** The HTTP status for one of our errors. */
export const httpStatusOf = (code: ErrorCode): number => WIRE_STATUS[code].http;

/** The gRPC status number for one of our errors. */
export const grpcStatusOf = (code: ErrorCode): number => status[WIRE_STATUS[code].grpc];

/** Best reading of a status that came without our details: from a proxy, from the library, from another server. */
const CODE_OF_STATUS: Readonly<Record<GrpcStatusName, ErrorCode>> = {
  CANCELLED: "Cancelled",
  UNKNOWN: "Internal",
  INVALID_ARGUMENT: "Invalid",
  DEADLINE_EXCEEDED: "DeadlineExceeded",
  NOT_FOUND: "NotFound",
  ALREADY_EXISTS: "AlreadyExists",
  PERMISSION_DENIED: "Forbidden",
  RESOURCE_EXHAUSTED: "TooLarge",
  FAILED_PRECONDITION: "FailedPrecondition",
  ABORTED: "VersionConflict",
  OUT_OF_RANGE: "UnknownPosition",
  UNIMPLEMENTED: "NotSupportedYet",
  INTERNAL: "Internal",
  UNAVAILABLE: "ServerUnavailable",
  DATA_LOSS: "Internal",
  UNAUTHENTICATED: "Unauthenticated",
};

const isStatusName = (name: string | undefined): name is GrpcStatusName => name !== undefined && name in CODE_OF_STATUS;

/** The error code that a bare gRPC status number stands for. */
export const codeOfGrpcStatus = (grpcStatus: number): ErrorCode => {
  const name = status[grpcStatus];
  return isStatusName(name) ? CODE_OF_STATUS[name] : "Internal";
};
