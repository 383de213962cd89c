import { type Document, isScalar, visit } from "yaml";

/** The offset of the quote that closes the text which `start` opens, or -1. */
const closingQuote = (text: string, start: number): number => {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (quote === "'" && text.startsWith("''", at)) at++;
    else if (text[at] === quote) return at;
  }
  return -1;
};

/**
 * Go's YAML lets a quoted text go on in a line that is indented no deeper than its key; YAML forbids it, and so does
 * our parser. Such lines are common in annotations that hold JSON. Answers the text with those lines indented, which
 * changes no value (a quoted text swallows what its lines begin with), or `undefined` when there is nothing to mend.
 */
export const indentQuotedLines = (text: string, document: Document.Parsed): string | undefined => {
  const unclosed = document.errors.find((error) => error.code === "MISSING_CHAR");
  if (unclosed === undefined) return undefined;
  let start = -1;
  visit(document, {
    Scalar: (_, node) => {
      const range = isScalar(node) ? node.range : null;
      if (range && range[0] <= unclosed.pos[0] && range[1] >= unclosed.pos[0]) start = range[0];
    },
  });
  const end = start < 0 ? -1 : closingQuote(text, start);
  if (end < 0) return undefined;
  const indent = " ".repeat(start - text.lastIndexOf("\n", start));
  return text.slice(0, start) + text.slice(start, end).replaceAll("\n", `\n${indent}`) + text.slice(end);
};
