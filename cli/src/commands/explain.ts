import { parseObjectNames } from "../client/object-names.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { placementLines } from "./placement.ts";

/** Why a pod runs on its node, or on none. */
export const explain = async (
  context: CommandContext,
  args: readonly string[],
  options: GlobalOptions,
): Promise<void> => {
  const [named] = parseObjectNames(args);
  if (named?.name === undefined) throw new UsageError("Say which pod: `slipway explain pod/web-1`.");
  const { kind, name } = named;
  await withSession(context, options, async (session) => {
    const { events } = await session.events.history(
      { key: { kind, project: session.project, name } },
      { signal: context.signal },
    );
    const placement = placementLines(events);
    if (placement === undefined) {
      context.terminal.out(`No scheduler has looked at ${kind}/${name} yet.\n`);
      return;
    }
    context.terminal.out(`Pod "${name}" ${placement.summary}${placement.summary.endsWith(".") ? "" : "."}\n`);
    for (const line of placement.nodes) context.terminal.out(`  ${line}\n`);
  });
};
