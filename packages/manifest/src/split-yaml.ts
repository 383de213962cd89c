/** The text of one YAML document, from its `---` on, and how many lines of the file stand before it. */
export interface YamlPart {
  readonly text: string;
  readonly linesBefore: number;
}

const countLines = (text: string): number => {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
};

/** Nothing but directives, comments and blank lines: the head of the next document. */
const isHead = (text: string): boolean =>
  text.includes("%") && text.split("\n").every((line) => /^[ \t\r]*(?:[#%]|$)/.test(line));

/**
 * Cuts a YAML text before each line that begins with `---`, which can be nothing else there. Documents are then parsed
 * one by one: the parser holds some 350 bytes for each byte of what it is given.
 */
export function* splitYaml(text: string): Generator<YamlPart> {
  let start = 0;
  let linesBefore = 0;
  for (const match of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    const part = text.slice(start, match.index);
    if (match.index === 0 || isHead(part)) continue;
    if (part.trim() !== "") yield { text: part, linesBefore };
    linesBefore += countLines(part);
    start = match.index;
  }
  yield { text: text.slice(start), linesBefore };
}
