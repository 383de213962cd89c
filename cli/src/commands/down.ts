import { homeFolder } from "../client/client-config.ts";
import { progressOutput } from "../terminal/progress.ts";
import { stopPlatform } from "../up/down.ts";
import type { CommandContext, GlobalOptions } from "./context.ts";

/** Stops the platform on this machine; with `purge` nothing of it stays. */
export const down = async (
  context: CommandContext,
  options: GlobalOptions & { readonly purge?: boolean; readonly keepImages?: boolean },
): Promise<void> => {
  const home = homeFolder(options.home, context.env);
  const output = progressOutput(context.terminal);
  const ran = await stopPlatform(
    { home, purge: options.purge === true, keepImages: options.keepImages === true },
    output,
  );
  if (!ran) output.line(`No platform runs in ${home}.`);
  else if (options.purge) output.line("Everything is removed.");
  else output.line("Stopped. Applications and their routes go on; `slipway down --purge` removes everything.");
};
