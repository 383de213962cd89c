/** One JSON object in a text of one or several. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
  /** A key that stands twice in one object, which `JSON.parse` would not tell. */
  readonly duplicate?: { readonly key: string; readonly offset: number };
}

/** The offset of the quote that ends the string which begins at `start`; the length of the text when none does. */
const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
};

const scanOne = (text: string, start: number): JsonSpan | undefined => {
  // The keys of each open object; `undefined` for an open list.
  const open: (Set<string> | undefined)[] = [];
  let duplicate: JsonSpan["duplicate"];
  let isKey = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys && isKey) {
        const key = text.slice(at + 1, end);
        if (keys.has(key)) duplicate ??= { key, offset: at };
        keys.add(key);
        isKey = false;
      }
      at = end;
    } else if (char === "{" || char === "[") {
      open.push(char === "{" ? new Set() : undefined);
      isKey = char === "{";
    } else if (char === ",") {
      isKey = open.at(-1) !== undefined;
    } else if (char === "}" || char === "]") {
      open.pop();
      if (open.length === 0) return { start, end: at + 1, ...(duplicate ? { duplicate } : {}) };
    }
  }
  return undefined;
};

/**
 * Finds the objects of a text that holds nothing else: `{…}` or `{…} {…}`, as kubectl reads them. `undefined` when
 * something else stands between them or the last one does not end; then it is YAML, or broken.
 */
export const scanJson = (text: string): readonly JsonSpan[] | undefined => {
  const spans: JsonSpan[] = [];
  const blank = /\s*/y;
  let at = 0;
  for (;;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at >= text.length) return spans;
    const span = text[at] === "{" ? scanOne(text, at) : undefined;
    if (span === undefined) return undefined;
    spans.push(span);
    at = span.end;
  }
};
