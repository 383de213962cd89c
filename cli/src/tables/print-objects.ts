import { stringify } from "yaml";
import { type ApiObject, nameOf } from "../client/api-object.ts";
import { renderTable } from "../terminal/table.ts";
import { UsageError } from "../usage-error.ts";
import { columnsOf } from "./columns.ts";

export const FORMATS = ["table", "wide", "json", "yaml", "name"] as const;
export type Format = (typeof FORMATS)[number];

export const parseFormat = (text: string | undefined): Format => {
  if (text === undefined || text === "") return "table";
  if ((FORMATS as readonly string[]).includes(text)) return text as Format;
  throw new UsageError(`There is no output format "${text}": use one of ${FORMATS.slice(1).join(", ")}.`);
};

export interface PrintOptions {
  readonly format: Format;
  readonly now: number;
  /** A column with the project, for lists over all of them. */
  readonly withProject?: boolean;
  /** The answer is a list even when it has one object. */
  readonly list?: boolean;
  /** Names carry their kind, because several kinds were asked for. */
  readonly withKind?: boolean;
}

/** The objects as text, in the format asked for. */
export const printObjects = (objects: readonly ApiObject[], options: PrintOptions): string => {
  const { format } = options;
  if (format === "name") return objects.map((object) => `${nameOf(object)}\n`).join("");
  if (format === "json" || format === "yaml") {
    const value =
      options.list === false && objects.length === 1 ? objects[0] : { apiVersion: "v1", kind: "List", items: objects };
    return format === "json" ? `${JSON.stringify(value, undefined, 2)}\n` : stringify(value, { lineWidth: 0 });
  }
  const byKind = new Map<string, ApiObject[]>();
  for (const object of objects) byKind.set(object.kind ?? "", [...(byKind.get(object.kind ?? "") ?? []), object]);
  return [...byKind].map(([kind, group]) => kindTable(kind, group, options, byKind.size > 1)).join("\n");
};

const kindTable = (kind: string, objects: readonly ApiObject[], options: PrintOptions, several: boolean): string => {
  const named = several || options.withKind === true;
  return renderTable(
    tableHeader(kind, options),
    objects.map((object) => tableRow(object, { ...options, withKind: named })),
  );
};

/** The titles of a kind's columns. */
export const tableHeader = (kind: string, options: PrintOptions): string[] => {
  const { titles, wide = [] } = columnsOf(kind);
  return [...(options.withProject === true ? ["PROJECT"] : []), ...titles, ...(options.format === "wide" ? wide : [])];
};

/** The cells of one object under the titles of its kind. */
export const tableRow = (object: ApiObject, options: PrintOptions): string[] => {
  const kind = object.kind ?? "";
  const { cells, wide = [] } = columnsOf(kind).row(object, options.now);
  const [first = "", ...others] = cells;
  return [
    ...(options.withProject === true ? [object.metadata?.namespace ?? ""] : []),
    options.withKind === true ? `${kind.toLowerCase()}/${first}` : first,
    ...others,
    ...(options.format === "wide" ? wide : []),
  ];
};
