import type { ReadDocument, ReadFailure, ReadResult } from "./read-document.ts";
import { readYaml } from "./read-yaml.ts";
import { scanJson } from "./scan-json.ts";

/** How many lines end between two offsets. */
const linesBetween = (text: string, from: number, to: number): number => {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
};

/** The object of a JSON text, or nothing when it is no JSON: then YAML, which is wider, says what is wrong and where. */
const parseJson = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

const readSpans = (text: string, spans: NonNullable<ReturnType<typeof scanJson>>): ReadResult => {
  const documents: ReadDocument[] = [];
  const failures: ReadFailure[] = [];
  let before = 0;
  let counted = 0;
  for (const [index, span] of spans.entries()) {
    const document = index + 1;
    before += linesBetween(text, counted, span.start);
    counted = span.start;
    const part = text.slice(span.start, span.end);
    const json = parseJson(part);
    if (json && span.duplicate) {
      const { key, offset } = span.duplicate;
      const column = offset - text.lastIndexOf("\n", offset - 1);
      const line = before + linesBetween(text, span.start, offset) + 1;
      failures.push({ document, line, column, message: `Map keys must be unique; "${key}" is already there` });
    } else if (json) {
      documents.push({ document, value: json.value, line: before + 1 });
    } else {
      const yaml = readYaml(part);
      for (const read of yaml.documents) {
        const { value, line } = read;
        documents.push({ document, value, line: line + before });
      }
      for (const failure of yaml.failures) failures.push({ ...failure, document, line: failure.line + before });
    }
  }
  return { documents, failures };
};

/** Reads the documents of a file, YAML or JSON, which is told by what stands in it. Never throws. */
export const readFile = (content: string): ReadResult => {
  const text = content.startsWith("\uFEFF") ? content.slice(1) : content;
  try {
    const spans = text.trimStart().startsWith("{") ? scanJson(text) : undefined;
    return spans ? readSpans(text, spans) : readYaml(text);
  } catch (error) {
    // The YAML library recurses: what is nested thousands of levels deep ends here.
    const message =
      error instanceof RangeError ? "nested too deeply" : error instanceof Error ? error.message : String(error);
    return { documents: [], failures: [{ document: 1, line: 1, column: 1, message }] };
  }
};
