import { asSlipwayError } from "@slipway/kernel";
import { CommanderError } from "commander";
import { styled, type Terminal } from "./terminal/terminal.ts";
import { UsageError } from "./usage-error.ts";

/** What a script may trust: 0 done, 1 refused or failed, 2 wrong usage, 124 took too long, 130 interrupted. */
export const EXIT = { done: 0, failed: 1, usage: 2, timeout: 124, interrupted: 130 } as const;

/** Field problems shown in full; a manifest may have thousands. */
const PROBLEMS_SHOWN = 30;

/** Says what went wrong, in a sentence and a line for each field, and answers the exit code. */
export const reportError = (error: unknown, terminal: Terminal, interrupted: boolean): number => {
  // Commander has said it already, or it was only the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (interrupted) return EXIT.interrupted;
  const say = (message: string) => terminal.err(`${styled(terminal.errColour, "red", "error:")} ${message}\n`);
  if (error instanceof UsageError) {
    say(error.message);
    return EXIT.usage;
  }
  const known = asSlipwayError(error);
  say(known.message);
  const others = known.problems.filter(({ path, message }) => known.message !== `${path}: ${message}`);
  for (const { path, message } of others.slice(0, PROBLEMS_SHOWN)) terminal.err(`  ${path}: ${message}\n`);
  if (others.length > PROBLEMS_SHOWN) terminal.err(`  … and ${others.length - PROBLEMS_SHOWN} more\n`);
  return known.code === "DeadlineExceeded" ? EXIT.timeout : EXIT.failed;
};
