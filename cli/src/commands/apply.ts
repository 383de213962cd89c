import { Validation } from "@slipway/proto";
import { nameOf, objectOf } from "../client/api-object.ts";
import { parseFormat, printObjects } from "../tables/print-objects.ts";
import { styled } from "../terminal/terminal.ts";
import { UsageError } from "../usage-error.ts";
import { type CommandContext, type GlobalOptions, withSession } from "./context.ts";
import { readManifestFiles } from "./manifest-files.ts";

export interface ApplyOptions extends GlobalOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  readonly validate?: string;
  readonly dryRun?: boolean;
  readonly output?: string;
  /** `create`: an object that exists is refused. */
  readonly createOnly?: boolean;
}

const MODES: Readonly<Record<string, Validation>> = {
  strict: Validation.STRICT,
  warn: Validation.WARN,
  ignore: Validation.IGNORE,
  true: Validation.STRICT,
  false: Validation.IGNORE,
};

/** Sends the text of the manifests to the server, which takes all of their objects or none. */
export const apply = async (context: CommandContext, options: ApplyOptions): Promise<void> => {
  const validation = MODES[options.validate ?? "warn"];
  if (validation === undefined)
    throw new UsageError(`--validate=${options.validate} is unknown: use strict, warn or ignore.`);
  if (!options.filename?.length)
    throw new UsageError(
      `Nothing to ${options.createOnly ? "create" : "apply"}: name files or folders with -f, or -f - for standard input.`,
    );
  const format = parseFormat(options.output);
  const manifests = await readManifestFiles(options.filename, options.recursive === true, context.stdin);
  await withSession(context, options, async (session) => {
    const answer = await session.resources.apply(
      {
        manifests,
        project: session.project,
        validation,
        dryRun: options.dryRun === true,
        createOnly: options.createOnly === true,
      },
      { signal: context.signal },
    );
    for (const { object, path, message } of answer.warnings) {
      context.terminal.err(
        `${styled(context.terminal.errColour, "yellow", "Warning:")} ${object}: ${path}: ${message}\n`,
      );
    }
    const objects = answer.results.map(({ resource }) => objectOf(resource));
    if (format !== "table" && format !== "wide") {
      context.terminal.out(printObjects(objects, { format, now: context.now(), list: objects.length !== 1 }));
      return;
    }
    answer.results.forEach(({ action }, i) => {
      context.terminal.out(`${nameOf(objects[i] ?? {})} ${action}${options.dryRun ? " (dry run)" : ""}\n`);
    });
  });
};
