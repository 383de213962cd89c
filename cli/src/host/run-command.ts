import { spawn } from "node:child_process";
import { SlipwayError } from "@slipway/kernel";

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** One call a line of either output. */
  readonly onLine?: (line: string) => void;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The last lines of a failed command that its error quotes. */
const QUOTED_LINES = 3;

/** Runs a program of the host to its end and answers its stdout; `MissingProgram` or `StartFailed` when it cannot. */
export const runCommand = (program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { env, cwd, onLine, timeoutMs, signal } = options;
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
      ...(signal === undefined ? {} : { signal }),
    });
    let stdout = "";
    const last: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        if (stream === child.stdout) stdout += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          if (line.trim() !== "") last.push(line.trim());
          if (last.length > QUOTED_LINES) last.shift();
          onLine?.(line);
        }
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (signal?.aborted) reject(signal.reason);
      else reject(cannotRun(program, error));
    });
    child.on("close", (code, killedBy) => {
      if (code === 0) return resolve(stdout);
      if (signal?.aborted) return reject(signal.reason);
      const how =
        killedBy === null
          ? `exit code ${code}`
          : timeoutMs === undefined
            ? killedBy
            : `stopped after ${timeoutMs / 1_000} s`;
      const words = last.length === 0 ? "" : `: ${last.join(" | ")}`;
      const fields = { program, exitCode: code, signal: killedBy };
      reject(
        new SlipwayError("StartFailed", `"${[program, ...args].join(" ").slice(0, 200)}" failed (${how})${words}`, {
          fields,
        }),
      );
    });
  });

const cannotRun = (program: string, error: NodeJS.ErrnoException): SlipwayError =>
  error.code === "ENOENT"
    ? new SlipwayError("MissingProgram", `The program "${program}" is not installed: install it and try again.`, {
        cause: error,
        fields: { program },
      })
    : new SlipwayError("StartFailed", `"${program}" cannot be run: ${error.message}.`, {
        cause: error,
        fields: { program },
      });
