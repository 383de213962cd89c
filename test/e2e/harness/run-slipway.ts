import { spawn } from "node:child_process";
import { join } from "node:path";

/** The command line as users of this checkout call it. */
const SLIPWAY = join(import.meta.dirname, "../../../slipway");

const DEFAULT_TIMEOUT_MS = 60_000;

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs `slipway` to its end, in an environment with nothing of Slipway's but what `env` gives. */
export const runSlipway = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("SLIPWAY_") && name !== "NODE_OPTIONS");
  const startedAt = performance.now();
  const child = spawn(SLIPWAY, args, {
    env: { ...Object.fromEntries(clean), NO_COLOR: "1", ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  // A command that reads no standard input may be gone before it is written.
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") stderr += `\n(killed after ${options.timeoutMs ?? DEFAULT_TIMEOUT_MS} ms)`;
      resolve({ code: code ?? -1, stdout, stderr, ms: performance.now() - startedAt });
    });
  });
};
