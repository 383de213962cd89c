import { readFileSync } from "node:fs";
import { SlipwayError } from "@slipway/kernel";
import { changeClientConfig, homeFolder } from "../client/client-config.ts";
import { openSession } from "../client/session.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

export interface LoginOptions extends GlobalOptions {
  readonly token?: string;
  readonly tokenFile?: string;
}

/** Tries a server and a token, and keeps them when they are good. */
export const login = async (context: CommandContext, server: string, options: LoginOptions): Promise<void> => {
  const token =
    options.token ?? (options.tokenFile ? readFileSync(options.tokenFile, "utf8").trim() : context.env.SLIPWAY_TOKEN);
  if (!token)
    throw new SlipwayError(
      "Unauthenticated",
      "A token is needed: --token, --token-file or SLIPWAY_TOKEN. `slipway up` keeps one in its home.",
    );
  const session = openSession({ server, token, project: options.project ?? "default" });
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

export const whoami = (context: CommandContext, options: GlobalOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const { version } = await session.resources.status({}, { signal: context.signal });
    context.terminal.out(`owner on ${session.server} (Slipway ${version}), project ${session.project}\n`);
  });
