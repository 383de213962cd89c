import { type ApiObject, objectOf } from "../client/api-object.ts";
import type { ObjectName } from "../client/object-names.ts";
import type { Session } from "../client/session.ts";
import { watch } from "../client/watch.ts";
import { type Format, printObjects, tableHeader, tableRow } from "../tables/print-objects.ts";
import { columnWidths, renderLine } from "../terminal/table.ts";
import type { CommandContext } from "./context.ts";

interface WatchOptions {
  readonly selector?: string;
  readonly allProjects?: boolean;
}

/** The objects of now, then a line for each change, until Ctrl-C. */
export const watchObjects = async (
  context: CommandContext,
  session: Session,
  { kind, name = "" }: ObjectName,
  format: Format,
  { selector = "", allProjects = false }: WatchOptions,
): Promise<void> => {
  const { signal, terminal } = context;
  const request = { kind, name, project: allProjects ? "" : session.project, labelSelector: selector };
  const answers = watch(session, request, signal, () => terminal.err("The server went away: waiting for it.\n"));
  const write = format === "table" || format === "wide" ? tableWriter(context, format, allProjects) : undefined;
  let first: ApiObject[] | undefined = [];
  for await (const { type, resource } of answers) {
    if (type === "BOOKMARK") {
      if (first?.length) write?.(first);
      first = undefined;
      continue;
    }
    const object = objectOf(resource);
    if (write === undefined) terminal.out(printObjects([object], { format, now: context.now(), list: false }));
    // What is there already comes as one table.
    else if (first !== undefined) first.push(object);
    else write([object], type === "DELETED" ? "   (deleted)" : "");
  }
};

/** Writes rows as they come; a column grows when a cell needs it and never shrinks. */
const tableWriter = ({ terminal, now }: CommandContext, format: Format, withProject: boolean) => {
  let widths: readonly number[] = [];
  return (objects: readonly ApiObject[], note = ""): void => {
    const options = { format, withProject, now: now() };
    const header = widths.length === 0 ? [tableHeader(objects[0]?.kind ?? "", options)] : [];
    const lines = [...header, ...objects.map((object) => tableRow(object, options))];
    widths = columnWidths(lines, widths);
    for (const line of lines) terminal.out(`${renderLine(line, widths).trimEnd()}${header[0] === line ? "" : note}\n`);
  };
};
