import { spawn } from "node:child_process";
import { SlipwayError } from "@slipway/kernel";

export interface CommandResult {
  readonly exitCode: number;
  /** Both streams in the order in which they came. */
  readonly output: string;
}

/** Runs a program of the host to its end. `MissingProgram` when it is not installed. */
export const runCommand = (
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly signal?: AbortSignal } = {},
): Promise<CommandResult> => {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], signal: options.signal });
  const chunks: Buffer[] = [];
  const collect = (chunk: Buffer) => void chunks.push(chunk);
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  // A program that ends before it has read everything says so by its exit code.
  child.stdin.on("error", () => {});
  child.on("error", (cause) => reject(startError(program, cause)));
  child.on("close", (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }));
  child.stdin.end(options.input ?? "");
  return promise;
};

const startError = (program: string, cause: Error): Error =>
  "code" in cause && cause.code === "ENOENT"
    ? new SlipwayError("MissingProgram", `The program ${program} is not installed on this node: install it.`, {
        cause,
        fields: { program },
      })
    : cause;
