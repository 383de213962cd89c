import { text } from "node:stream/consumers";
import { EXIT, reportError } from "./exit.ts";
import { createProgram } from "./program.ts";
import { processTerminal } from "./terminal/terminal.ts";

const terminal = processTerminal();
const interrupt = new AbortController();
// The first Ctrl-C asks the command to end, the second ends it.
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.on(name, () => {
    if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
    interrupt.abort(new Error("interrupted"));
  });
}
// The kernel's timers do not keep a process alive; a command that waits must.
const awake = setInterval(() => {}, 60_000);
const program = createProgram({
  terminal,
  env: process.env,
  now: Date.now,
  signal: interrupt.signal,
  stdin: () => text(process.stdin),
});
try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportError(error, terminal, interrupt.signal.aborted);
} finally {
  clearInterval(awake);
}
