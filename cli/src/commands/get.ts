import { type ApiObject, objectOf } from "../client/api-object.ts";
import { parseObjectNames } from "../client/object-names.ts";
import { parseFormat, printObjects } from "../tables/print-objects.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { watchObjects } from "./watch-objects.ts";

export interface GetOptions extends GlobalOptions {
  readonly output?: string;
  readonly selector?: string;
  readonly allProjects?: boolean;
  readonly watch?: boolean;
}

export const get = async (context: CommandContext, args: readonly string[], options: GetOptions): Promise<void> => {
  const format = parseFormat(options.output);
  const names = parseObjectNames(args);
  if (names.length === 0)
    throw new UsageError("Say what to get: for example `slipway get pods`, or `slipway get all`.");
  await withSession(context, options, async (session) => {
    if (options.watch) {
      const [only] = names;
      if (only === undefined || names.length > 1) throw new UsageError("--watch follows one kind or one object.");
      await watchObjects(context, session, only, format, options);
      return;
    }
    const objects: ApiObject[] = [];
    for (const { kind, name } of names) {
      if (name === undefined) {
        const { resources } = await session.resources.list(
          { kind, project: options.allProjects ? "" : session.project, labelSelector: options.selector ?? "" },
          { signal: context.signal },
        );
        objects.push(...resources.map((resource) => objectOf(resource)));
      } else {
        const { resource } = await session.resources.get(
          { key: { kind, project: session.project, name } },
          { signal: context.signal },
        );
        objects.push(objectOf(resource));
      }
    }
    const single = names.length === 1 && names[0]?.name !== undefined;
    if (objects.length === 0 && (format === "table" || format === "wide")) {
      context.terminal.err(
        options.allProjects ? "No resources found.\n" : `No resources found in project ${session.project}.\n`,
      );
      return;
    }
    context.terminal.out(
      printObjects(objects, { format, now: context.now(), list: !single, withProject: options.allProjects === true }),
    );
  });
};
