import { parseObjectNames } from "../client/object-names.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

export interface ScaleOptions extends GlobalOptions {
  readonly replicas?: number;
  readonly currentReplicas?: number;
}

export const scale = async (context: CommandContext, args: readonly string[], options: ScaleOptions): Promise<void> => {
  const names = parseObjectNames(args);
  const { replicas } = options;
  if (replicas === undefined) throw new UsageError("How many? Say --replicas=N.");
  if (names.length === 0 || names.some(({ name }) => name === undefined)) {
    throw new UsageError("Say what to scale: for example `slipway scale rc/web --replicas=3`.");
  }
  await withSession(context, options, async (session) => {
    for (const { kind, name = "" } of names) {
      const current = options.currentReplicas === undefined ? {} : { currentReplicas: options.currentReplicas };
      await session.resources.scale(
        { key: { kind, name, project: session.project }, replicas, ...current },
        { signal: context.signal },
      );
      context.terminal.out(`${kind}/${name} scaled to ${replicas}\n`);
    }
  });
};
