import { isSlipwayError, SlipwayError } from "@slipway/kernel";
import { type Env, homeFolder, readClientConfig } from "../client/client-config.ts";
import { openSession, type Session } from "../client/session.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What every command works with. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Env;
  readonly now: () => number;
  /** Aborts with Ctrl-C. */
  readonly signal: AbortSignal;
  /** Standard input, for `-f -`. */
  readonly stdin: () => Promise<string>;
}

/** The options that every command understands. */
export interface GlobalOptions {
  readonly home?: string;
  readonly project?: string;
}

/** Runs `work` with a connection to the API, closed afterwards whatever happens. */
export const withSession = async <T>(
  context: CommandContext,
  options: GlobalOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const config = readClientConfig(homeFolder(options.home, context.env), context.env);
  const session = openSession({ ...config, ...(options.project ? { project: options.project } : {}) });
  try {
    return await work(session);
  } catch (cause) {
    if (!isSlipwayError(cause, "ServerUnavailable")) throw cause;
    throw new SlipwayError(
      cause.code,
      `The server ${session.server} cannot be reached: \`slipway up\` starts a platform on this machine, \`slipway login\` chooses another one.`,
      { cause },
    );
  } finally {
    session.close();
  }
};
