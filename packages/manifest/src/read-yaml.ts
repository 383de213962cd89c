import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { duplicateKey } from "./duplicate-key.ts";
import type { ReadDocument, ReadFailure, ReadResult } from "./read-document.ts";
import { indentQuotedLines } from "./repair-quotes.ts";
import { isPlain } from "./shape.ts";
import { splitYaml } from "./split-yaml.ts";
import { kubernetesTags } from "./yaml-dialect.ts";

/** One anchor may be used this often, nested uses multiplied: a bomb of aliases goes far beyond. */
const MAX_ALIASES = 100;

/** Measured: 1 MiB of nothing but brackets costs the parser 400 MB and 4 s. The largest real manifest has 60 KiB. */
const MAX_DOCUMENT_CHARS = 1024 * 1024;

/** As many texts of one document are mended before it counts as broken, and only in a document of this size. */
const MAX_REPAIRS = 10;
const MAX_REPAIR_CHARS = 256 * 1024;

const OPTIONS = {
  version: "1.1",
  customTags: kubernetesTags,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

interface Parsed {
  readonly parsed: readonly Document.Parsed[];
  readonly lines: LineCounter;
}

const parse = (text: string): Parsed => {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { ...OPTIONS, lineCounter: lines });
  return { parsed: Array.isArray(parsed) ? parsed : [], lines };
};

/** Parses, and mends what Go would have taken; what cannot be mended is told as it stands in the text. */
const parseLeniently = (text: string): Parsed => {
  const first = parse(text);
  if (text.length > MAX_REPAIR_CHARS) return first;
  let [mended, latest]: [string, Parsed] = [text, first];
  for (let repairs = 0; repairs < MAX_REPAIRS; repairs++) {
    const broken = latest.parsed.find((document) => document.errors.length > 0);
    if (broken === undefined) return latest;
    const next = indentQuotedLines(mended, broken);
    if (next === undefined) return first;
    [mended, latest] = [next, parse(next)];
  }
  return first;
};

/** The parser recurses: what is nested a thousand levels deep ends its stack. */
const wording = (message: string): string => (/call stack/i.test(message) ? "nested too deeply" : message);

const lineFinder =
  (document: Document.Parsed, lines: LineCounter, linesBefore: number): NonNullable<ReadDocument["lineOf"]> =>
  (path) => {
    const node = document.getIn(path, true);
    const range = node && typeof node === "object" && "range" in node ? (node.range as readonly number[] | null) : null;
    return range?.[0] === undefined ? undefined : linesBefore + lines.linePos(range[0]).line;
  };

/** Reads every document of a YAML text. A document that is broken becomes a failure with its line and column. */
export const readYaml = (text: string): ReadResult => {
  const documents: ReadDocument[] = [];
  const failures: ReadFailure[] = [];
  let number = 0;
  for (const part of splitYaml(text)) {
    const { linesBefore } = part;
    if (part.text.length > MAX_DOCUMENT_CHARS) {
      const message = "a YAML document of more than 1 MiB; split it, or write it as JSON";
      failures.push({ document: ++number, line: linesBefore + 1, column: 1, message });
      continue;
    }
    const { parsed, lines } = parseLeniently(part.text);
    for (const document of parsed) {
      number++;
      const fail = (offset: number, message: string): void => {
        const { line, col } = lines.linePos(offset);
        const at = { line: linesBefore + Math.max(line, 1), column: Math.max(col, 1) };
        failures.push({ document: number, ...at, message: wording(message) });
      };
      const [error] = document.errors;
      const start = document.contents?.range?.[0] ?? 0;
      if (error) {
        fail(error.pos[0], error.message);
        continue;
      }
      const duplicate = duplicateKey(document);
      if (duplicate) {
        fail(duplicate.offset, `Map keys must be unique; "${duplicate.key}" is already there`);
        continue;
      }
      try {
        const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
        if (value === null || value === undefined) continue;
        const line = linesBefore + lines.linePos(start).line;
        // The finder keeps the whole parsed document alive: only lists need one.
        const isList = isPlain(value) && Array.isArray(value.items);
        const lineOf = isList ? { lineOf: lineFinder(document, lines, linesBefore) } : {};
        documents.push({ document: number, value, line, ...lineOf });
      } catch (thrown) {
        fail(start, thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  }
  return { documents, failures };
};
