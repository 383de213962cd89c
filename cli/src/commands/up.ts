import { isSlipwayError } from "@slipway/kernel";
import { homeFolder } from "../client/client-config.ts";
import { progressOutput } from "../terminal/progress.ts";
import { stopPlatform } from "../up/down.ts";
import { startPlatform } from "../up/up.ts";
import type { CommandContext, GlobalOptions } from "./context.ts";
import { runSample } from "./sample-app.ts";

export interface UpCommandOptions extends GlobalOptions {
  readonly detach?: boolean;
  /** False with --no-sample. */
  readonly sample?: boolean;
  readonly instance?: string;
  readonly portBase?: number;
  readonly edgePort?: number;
  readonly edgeHost?: string;
  readonly dockerSocket?: string;
  readonly podCidr?: string;
  readonly serviceCidr?: string;
  readonly imageMirror?: string;
}

/** The local mode: everything on this machine, up to an application that answers. */
export const up = async (context: CommandContext, options: UpCommandOptions): Promise<void> => {
  const home = homeFolder(options.home, context.env);
  const output = progressOutput(context.terminal);
  let running = false;
  let already = false;
  try {
    ({ already } = await startPlatform({ ...options, home, signal: context.signal }, output));
    running = true;
    if (already) output.line("The platform is running already.");
    if (options.sample !== false) await runSample(context, { ...options, home }, output);
    else output.line(`The platform is up: \`slipway status\` shows its parts.`);
  } catch (error) {
    output.close();
    // A platform that runs but whose sample failed goes on: that is where the reason can be looked at.
    if (running && !context.signal.aborted) {
      output.line("The platform goes on without its sample: `slipway status` shows it, `slipway down` stops it.");
    } else if (!already && (context.signal.aborted || isSlipwayError(error, "StartFailed"))) {
      await stopPlatform({ home }, output);
    }
    throw error;
  }
  // Whoever started it stops it.
  if (options.detach || already) return;
  output.line("Ctrl-C stops the platform; applications go on.");
  const awake = setInterval(() => {}, 60_000);
  await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(awake);
  output.line("");
  await stopPlatform({ home }, output);
};
