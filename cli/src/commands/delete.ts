import { parseObjectNames } from "../client/object-names.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { readManifestFiles } from "./manifest-files.ts";
import { namesInManifests } from "./names-in-manifests.ts";

export interface DeleteOptions extends GlobalOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly selector?: string;
  readonly all?: boolean;
  readonly orphan?: boolean;
  readonly gracePeriod?: number;
  readonly ignoreNotFound?: boolean;
}

/** Deletes by name, by file, by label, or all of a kind. What an object owns goes with it, unless it is orphaned. */
export const remove = async (
  context: CommandContext,
  args: readonly string[],
  options: DeleteOptions,
): Promise<void> => {
  await withSession(context, options, async (session) => {
    const common = {
      project: session.project,
      orphan: options.orphan === true,
      ignoreNotFound: options.ignoreNotFound === true,
      ...(options.gracePeriod === undefined ? {} : { gracePeriodSeconds: options.gracePeriod }),
    };
    const say = (deleted: readonly { kind: string; name: string }[]) => {
      for (const { kind, name } of deleted) context.terminal.out(`${kind.toLowerCase()} "${name}" deleted\n`);
      if (deleted.length === 0) context.terminal.err("Nothing to delete.\n");
    };
    if (options.filename?.length) {
      const files = await readManifestFiles(options.filename, options.recursive === true, context.stdin);
      const keys = namesInManifests(files).map(({ kind, name, project }) => ({
        kind,
        name,
        project: project ?? session.project,
      }));
      say((await session.resources.delete({ ...common, keys }, { signal: context.signal })).deleted);
      return;
    }
    const names = parseObjectNames(args);
    if (names.length === 0)
      throw new UsageError("Say what to delete: for example `slipway delete pod web-1`, or -f with a file.");
    const keys = names.flatMap(({ kind, name }) =>
      name === undefined ? [] : [{ kind, name, project: session.project }],
    );
    if (keys.length > 0) say((await session.resources.delete({ ...common, keys }, { signal: context.signal })).deleted);
    for (const { kind, name } of names) {
      if (name !== undefined) continue;
      if (!options.all && !options.selector) {
        throw new UsageError(`Which ${kind}? Name them, choose by label with -l, or say --all.`);
      }
      const request = { ...common, kind, labelSelector: options.selector ?? "" };
      say((await session.resources.delete(request, { signal: context.signal })).deleted);
    }
  });
};
