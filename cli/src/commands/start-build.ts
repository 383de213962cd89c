import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { waitForBuild } from "./follow-build.ts";
import { buildLogs } from "./logs.ts";

export interface StartBuildOptions extends GlobalOptions {
  readonly follow?: boolean;
  readonly wait?: boolean;
  readonly commit?: string;
  readonly env?: readonly string[];
}

/** Starts a build; with --follow its log runs by, and the exit code tells how it ended. */
export const startBuild = (context: CommandContext, config: string, options: StartBuildOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const env = (options.env ?? []).map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return { name, value: value.join("=") };
    });
    const { build } = await session.builds.start(
      { project: session.project, buildConfig: config, commit: options.commit ?? "", env },
      { signal: context.signal },
    );
    const name = build?.metadata?.name ?? "";
    context.terminal[options.follow ? "err" : "out"](`build/${name} started\n`);
    if (options.follow) await buildLogs(context, session, name, { follow: true });
    if (options.follow || options.wait) await waitForBuild(session, name, context.signal);
  });

export const cancelBuild = (context: CommandContext, name: string, options: GlobalOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    await session.builds.cancel({ project: session.project, name }, { signal: context.signal });
    context.terminal.out(`build/${name} cancelled\n`);
  });
