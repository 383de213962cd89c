import type { Environment } from "./config.ts";

/** What running a service needs of the process around it; a port, so that its end can be tested. */
export interface ProcessHost {
  readonly env: Environment;
  /** The arguments after the program. */
  readonly args: readonly string[];
  /** Keeps the process alive until `exit`, also when nothing else does. */
  hold(): void;
  onStopSignal(listener: (signal: string) => void): void;
  /** An error or a rejected promise that nobody caught. */
  onUncaught(listener: (error: unknown) => void): void;
  /** Writes one piece of text to standard output or standard error. */
  write(to: "stdout" | "stderr", text: string): void;
  /** Ends the process now. */
  exit(code: number): void;
}

/** The real process: the only place that touches it. */
export const thisProcess = (): ProcessHost => {
  // Whoever read the log may be gone: a line that nobody reads is lost, and is no reason to end. Left alone, each such
  // error would be written to the log as uncaught, which fails again, without end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  return realProcess;
};

const realProcess: ProcessHost = {
  env: process.env,
  args: process.argv.slice(2),
  hold: () => void setInterval(() => {}, 2 ** 30),
  onStopSignal: (listener) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, listener);
  },
  onUncaught: (listener) => {
    process.on("uncaughtException", listener);
    process.on("unhandledRejection", listener);
  },
  write: (to, text) => void process[to].write(text),
  exit: (code) => process.exit(code),
};
