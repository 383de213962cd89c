import { type Document, LineCounter, parseAllDocuments } from "yaml";
import type { ReadDocument, ReadFailure, ReadResult } from "./read-document.ts";
import { indentQuotedLines } from "./repair-quotes.ts";
import { kubernetesTags } from "./yaml-dialect.ts";

/** One anchor may be used this often, nested uses multiplied: a bomb of aliases goes far beyond. */
const MAX_ALIASES = 100;

const OPTIONS = {
  version: "1.1",
  customTags: kubernetesTags,
  uniqueKeys: true,
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

/** As many texts of one file are mended before it counts as broken. */
const MAX_REPAIRS = 20;

/** Parses, and mends what Go would have taken; what cannot be mended is told as it stands in the text. */
const parseLeniently = (text: string): Parsed => {
  const first = parse(text);
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

/** Reads every document of a YAML text. A document that is broken becomes a failure with its line and column. */
export const readYaml = (text: string): ReadResult => {
  const { parsed, lines } = parseLeniently(text);
  const documents: ReadDocument[] = [];
  const failures: ReadFailure[] = [];
  const fail = (document: number, offset: number, message: string): void => {
    const { line, col } = lines.linePos(offset);
    failures.push({ document, line: Math.max(line, 1), column: Math.max(col, 1), message });
  };

  for (const [index, document] of parsed.entries()) {
    const number = index + 1;
    const [error] = document.errors;
    if (error) {
      fail(number, error.pos[0], error.message);
      continue;
    }
    const start = document.contents?.range?.[0] ?? 0;
    try {
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
      if (value === null || value === undefined) continue;
      const lineOf = (path: readonly (string | number)[]): number | undefined => {
        const node = document.getIn(path, true);
        const range =
          node && typeof node === "object" && "range" in node ? (node.range as readonly number[] | null) : null;
        return range?.[0] === undefined ? undefined : lines.linePos(range[0]).line;
      };
      documents.push({ document: number, value, line: lines.linePos(start).line, lineOf });
    } catch (error) {
      fail(number, start, error instanceof Error ? error.message : String(error));
    }
  }
  return { documents, failures };
};
