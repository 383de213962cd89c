import { type DestinationStream, type Logger as PinoLogger, pino, stdTimeFunctions } from "pino";

/** A logger is handed down, never global. Messages are constant; what varies goes into fields. */
export type Logger = PinoLogger;

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggerOptions {
  /** Stands in every line: `scheduler`. */
  readonly service: string;
  readonly level?: LogLevel;
  /** Where lines go. Default standard output, written at once, so that no line is lost when the process dies. */
  readonly destination?: DestinationStream;
}

/** Fields that are never written, at the top of a line or one level inside it. */
const SECRET_FIELDS = ["token", "password", "authorization", "secret", "credentials", "apiKey", "privateKey"];

/** One JSON object a line: `{"level":"info","time":"2026-01-01T00:00:00.000Z","service":"…", …, "msg":"…"}`. */
export const createLogger = ({ service, level = "info", destination }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: "***" },
      // Both names are used for errors; pino itself serialises only the first.
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
