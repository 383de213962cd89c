/** What a caller should do about an error. */
export type ErrorClass =
  /** The user's to mend: say what and where. */
  | "Refused"
  /** Somebody was faster: reload and retry. */
  | "Conflict"
  /** Try again later; nothing was half-done. */
  | "Transient"
  /** This process cannot go on: stop loudly. */
  | "Fatal";

/**
 * Every code that Slipway can answer with, and its class. A retired code stays here with the class it had and is
 * never used for something else. `docs/errors.md` explains each one; a test holds the two lists together.
 */
export const ERROR_CODES = {
  // Input
  Invalid: "Refused",
  UnknownKind: "Refused",
  NotSupportedYet: "Refused",
  UnknownField: "Refused",
  Malformed: "Refused",
  TooLarge: "Refused",
  // Objects
  NotFound: "Refused",
  AlreadyExists: "Refused",
  Immutable: "Refused",
  ProjectTerminating: "Refused",
  FailedPrecondition: "Refused",
  HostAlreadyClaimed: "Refused",
  // Access
  Unauthenticated: "Refused",
  Forbidden: "Refused",
  // The log
  UnknownEventType: "Refused",
  EmptyBatch: "Refused",
  EventTooLarge: "Refused",
  InvalidExpectedVersion: "Refused",
  UnknownPosition: "Refused",
  DuplicateEventId: "Refused",
  VersionConflict: "Conflict",
  LogUnavailable: "Transient",
  LogFull: "Transient",
  SchemaTooNew: "Fatal",
  LogBehindBus: "Fatal",
  // The bus
  BusUnavailable: "Transient",
  NoResponder: "Transient",
  // The API
  ServerUnavailable: "Transient",
  // Containers and builds
  EngineUnavailable: "Transient",
  ContainerNotFound: "Refused",
  ImageNotFound: "Refused",
  ImagePullFailed: "Transient",
  ImagePushFailed: "Transient",
  ImageBuildFailed: "Refused",
  ContainerStartFailed: "Refused",
  EngineConflict: "Conflict",
  EngineError: "Transient",
  // Process
  InvalidConfig: "Fatal",
  PortTaken: "Fatal",
  MissingProgram: "Fatal",
  NotRoot: "Fatal",
  StartFailed: "Fatal",
  NotReady: "Transient",
  DeadlineExceeded: "Transient",
  Cancelled: "Refused",
  Internal: "Fatal",
} as const satisfies Record<string, ErrorClass>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const errorClassOf = (code: ErrorCode): ErrorClass => ERROR_CODES[code];
