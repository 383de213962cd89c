import { EXIT, reportError } from "../exit.ts";
import { createProgram } from "../program.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { FakeApi } from "./fake-api.ts";

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliRunOptions {
  readonly api?: Pick<FakeApi, "server" | "token">;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly now?: number;
  readonly signal?: AbortSignal;
  readonly terminal?: Partial<Terminal>;
}

/** Ten minutes past the moment that test objects were made. */
export const NOW = Date.parse("2026-03-01T12:10:00Z");

/** Runs the command line within this process, as `main.ts` does, in the project `demo`. */
export const runCli = async (args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> => {
  let out = "";
  let err = "";
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    live: false,
    colour: false,
    errColour: false,
    width: 100,
    ...options.terminal,
  };
  const signal = options.signal ?? new AbortController().signal;
  const program = createProgram({
    terminal,
    env: {
      SLIPWAY_HOME: "/nonexistent",
      ...(options.api && { SLIPWAY_SERVER: options.api.server, SLIPWAY_TOKEN: options.api.token }),
      SLIPWAY_PROJECT: "demo",
      ...options.env,
    },
    now: () => options.now ?? NOW,
    signal,
    stdin: async () => options.stdin ?? "",
  });
  let code: number = EXIT.done;
  try {
    await program.parseAsync(["node", "slipway", ...args]);
  } catch (error) {
    code = reportError(error, terminal, signal.aborted);
  }
  return { code, out, err };
};
