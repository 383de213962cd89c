/** One line of a container's output, without its newline. */
export interface LogLine {
  /** RFC 3339 with nanoseconds, the engine's clock; empty where the engine tells no time (an attached process). */
  readonly at: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}
