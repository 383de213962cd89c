/** The part of a pino logger that the bus uses. */
export interface BusLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const ignore = (): void => {};

/** For callers that gave no logger. */
export const silentLogger: BusLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
