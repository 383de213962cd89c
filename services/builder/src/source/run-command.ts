import { spawn } from "node:child_process";
import { readLines } from "../build/lines.ts";

/** How long a command may take to end by itself after TERM. */
const GRACE_MS = 2_000;

interface CommandOptions {
  readonly cwd: string;
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Each line of both streams. */
  readonly onLine?: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How a command ended. A signal that ended it counts as 128 and more, as in a shell. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams, as they came; the last 64 KiB. */
  readonly output: string;
}

const OUTPUT_LIMIT = 65_536;

/**
 * Runs a program to its end in a process group of its own. An abort ends the whole group (a `git` starts helpers) and
 * rejects with the signal's reason once they are gone.
 */
export const runCommand = (program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const { signal, onLine } = options;
    signal.throwIfAborted();
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    const take = (line: string) => {
      output = `${output}${line}\n`.slice(-OUTPUT_LIMIT);
      onLine?.(line);
    };
    const streams = [
      readLines(child.stdout, (line) => {
        stdout = `${stdout}${line}\n`.slice(-OUTPUT_LIMIT);
        take(line);
      }),
      readLines(child.stderr, take),
    ];
    let killer: NodeJS.Timeout | undefined;
    const onAbort = () => {
      killGroup(child.pid, "SIGTERM");
      killer = setTimeout(() => killGroup(child.pid, "SIGKILL"), GRACE_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(killer);
    };
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (code, signalName) => {
      settle();
      if (signal.aborted) {
        // A helper that outlived its parent ends here.
        killGroup(child.pid, "SIGKILL");
        reject(signal.reason);
        return;
      }
      void Promise.all(streams).then(() =>
        resolve({ exitCode: code ?? (signalName === null ? 1 : 128), stdout, output }),
      );
    });
  });

const killGroup = (pid: number | undefined, signalName: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signalName);
  } catch {
    // Already gone.
  }
};
