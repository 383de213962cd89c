import { readFileSync } from "node:fs";
import { SlipwayError } from "@slipway/kernel";
import { changeClientConfig, homeFolder } from "../client/client-config.ts";
import { openSession } from "../client/session.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

export interface LoginOptions extends GlobalOptions {
  readonly token?: string;
  readonly tokenFile?: string;
}

/** Tries a server and a token, and keeps them when they are good. */
export const login = async (context: CommandContext, server: string, options: LoginOptions): Promise<void> => {
  const token = tokenOf(context, options);
  const project = options.project ?? "default";
  const session = openSession({ server, token, project });
  try {
    const { version } = await session.resources.status({}, { signal: context.signal, timeoutMs: 10_000 });
    changeClientConfig(homeFolder(options.home, context.env), {
      server,
      token,
      ...(options.project ? { project: options.project } : {}),
    });
    context.terminal.out(`Logged in to ${server} (Slipway ${version}).\n`);
  } finally {
    session.close();
  }
};

const tokenOf = ({ env }: CommandContext, { token, tokenFile }: LoginOptions): string => {
  if (token) return token;
  if (tokenFile) {
    try {
      return readFileSync(tokenFile, "utf8").trim();
    } catch (cause) {
      throw new SlipwayError("NotFound", `The token file ${tokenFile} cannot be read.`, { cause });
    }
  }
  if (env.SLIPWAY_TOKEN) return env.SLIPWAY_TOKEN;
  throw new UsageError(
    "A token is needed: --token, --token-file or SLIPWAY_TOKEN. `slipway up` keeps one in its home.",
  );
};

export const whoami = (context: CommandContext, options: GlobalOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const { version } = await session.resources.status({}, { signal: context.signal });
    context.terminal.out(`owner on ${session.server} (Slipway ${version}), project ${session.project}\n`);
  });
