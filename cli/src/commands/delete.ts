import type { DeleteResponse } from "@slipway/proto";
import { type ObjectName, parseObjectNames } from "../client/object-names.ts";
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
  const names = await wantedNames(context, args, options);
  const { signal, terminal } = context;
  await withSession(context, options, async (session) => {
    const common = {
      project: session.project,
      orphan: options.orphan === true,
      ignoreNotFound: options.ignoreNotFound === true,
      ...(options.gracePeriod === undefined ? {} : { gracePeriodSeconds: options.gracePeriod }),
    };
    let count = 0;
    const say = ({ deleted }: DeleteResponse) => {
      count += deleted.length;
      for (const { kind, name } of deleted) terminal.out(`${kind.toLowerCase()} "${name}" deleted\n`);
    };
    // Objects that are named go all at once, or none does.
    const keys = names.flatMap(({ kind, name, project = session.project }) =>
      name === undefined ? [] : [{ kind, name, project }],
    );
    if (keys.length > 0) say(await session.resources.delete({ ...common, keys }, { signal }));
    for (const { kind, name } of names) {
      if (name !== undefined) continue;
      const request = { ...common, kind, labelSelector: options.selector ?? "" };
      say(await session.resources.delete(request, { signal }));
    }
    if (count === 0) terminal.err("Nothing to delete.\n");
  });
};

/** The objects that the arguments or the files name; a kind alone needs a label, or the word that all are meant. */
const wantedNames = async (
  context: CommandContext,
  args: readonly string[],
  options: DeleteOptions,
): Promise<readonly (ObjectName & { readonly project?: string })[]> => {
  if (options.filename?.length) {
    if (args.length > 0) throw new UsageError("Name objects, or files with -f, not both.");
    const files = await readManifestFiles(options.filename, options.recursive === true, context.stdin);
    const names = namesInManifests(files);
    if (names.length === 0) throw new UsageError(`There are no objects in ${options.filename.join(", ")}.`);
    return names;
  }
  const names = parseObjectNames(args);
  if (names.length === 0) {
    throw new UsageError("Say what to delete: for example `slipway delete pod web-1`, or -f with a file.");
  }
  const bare = names.find(({ name }) => name === undefined);
  if (bare !== undefined && !options.all && !options.selector)
    throw new UsageError(`Which ${bare.kind}? Name them, choose by label with -l, or say --all.`);
  return names;
};
