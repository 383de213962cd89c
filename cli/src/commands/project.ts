import { SlipwayError } from "@slipway/kernel";
import { Validation } from "@slipway/proto";
import { stringify } from "yaml";
import { objectOf } from "../client/api-object.ts";
import { changeClientConfig, homeFolder } from "../client/client-config.ts";
import { watch } from "../client/watch.ts";
import { printObjects } from "../tables/print-objects.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";

export interface ProjectOptions extends GlobalOptions {
  readonly displayName?: string;
  readonly description?: string;
}

/** Shows the current project, or makes another one current. */
export const project = (context: CommandContext, name: string | undefined, options: ProjectOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    if (name === undefined) {
      context.terminal.out(`${session.project}\n`);
      return;
    }
    await session.resources.get({ key: { kind: "Project", name } }, { signal: context.signal });
    changeClientConfig(homeFolder(options.home, context.env), { project: name });
    context.terminal.out(`Now using project "${name}" on ${session.server}.\n`);
  });

export const createProject = (context: CommandContext, name: string, options: ProjectOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const annotations = {
      ...(options.displayName ? { "openshift.io/display-name": options.displayName } : {}),
      ...(options.description ? { "openshift.io/description": options.description } : {}),
    };
    const manifest = { apiVersion: "project.openshift.io/v1", kind: "Project", metadata: { name, annotations } };
    await session.resources.apply(
      { manifests: [{ name: "-", content: stringify(manifest) }], validation: Validation.STRICT, createOnly: true },
      { signal: context.signal },
    );
    changeClientConfig(homeFolder(options.home, context.env), { project: name });
    context.terminal.out(`Project "${name}" created, and now the current one.\n`);
  });

export const listProjects = (context: CommandContext, options: ProjectOptions): Promise<void> =>
  withSession(context, options, async (session) => {
    const { resources } = await session.resources.list({ kind: "projects" }, { signal: context.signal });
    context.terminal.out(printObjects(resources.map(objectOf), { format: "table", now: context.now() }));
  });

export const deleteProject = (
  context: CommandContext,
  name: string,
  options: ProjectOptions & { readonly wait?: boolean },
): Promise<void> =>
  withSession(context, options, async (session) => {
    await session.resources.delete({ keys: [{ kind: "Project", name }] }, { signal: context.signal });
    context.terminal.out(`project "${name}" deleted: what is in it is being removed\n`);
    if (!options.wait) return;
    for await (const { type } of watch(session, { kind: "Project", name }, context.signal)) {
      if (type === "DELETED") return;
      if (type === "BOOKMARK") {
        const gone = await session.resources.get({ key: { kind: "Project", name } }, { signal: context.signal }).then(
          () => false,
          (error: unknown) => error instanceof SlipwayError && error.code === "NotFound",
        );
        if (gone) return;
      }
    }
  });
