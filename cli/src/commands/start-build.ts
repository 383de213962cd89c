import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { parseEnvPairs } from "./env-pairs.ts";
import { waitForBuild } from "./follow-build.ts";
import { buildLogs } from "./logs.ts";

export interface StartBuildOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly wait?: boolean;
  readonly commit?: string;
  readonly env?: readonly string[];
}

/** `bc/web` and `web` mean the same where only one kind can be meant. */
const nameAlone = (text: string): string => text.slice(text.indexOf("/") + 1);

/** Starts a build; with --follow its log runs by, and the exit code tells how it ended. */
export const startBuild = async (
  context: CommandContext,
  config: string,
  options: StartBuildOptions,
): Promise<void> => {
  const env = parseEnvPairs(options.env);
  await withSession(context, options, async (session) => {
    const { build } = await session.builds.start(
      { project: session.project, buildConfig: nameAlone(config), commit: options.commit ?? "", env },
      { signal: context.signal },
    );
    const name = build?.metadata?.name ?? "";
    // With --follow the standard output is the build's own.
    context.terminal[options.follow ? "err" : "out"](`build/${name} started\n`);
    if (options.follow) await buildLogs(context, session, name, { follow: true });
    if (options.follow || options.wait) await waitForBuild(session, name, context.signal);
  });
};

export const cancelBuild = (context: CommandContext, build: string, options: GlobalOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const name = nameAlone(build);
    await session.builds.cancel({ project: session.project, name }, { signal: context.signal });
    context.terminal.out(`build/${name} cancelled\n`);
  });
