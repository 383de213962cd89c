/**
 * The regular expression for a pattern of Go's `filepath.Match`, which `.s2iignore` and `.dockerignore` are written
 * in: `*` and `?` within one path segment, `[a-z]`, `[^a-z]`, `\` escapes. With `doubleStar`, `**` also spans segments
 * (`.dockerignore` only). `undefined` for a malformed pattern.
 */
export const globToRegExp = (pattern: string, options: { readonly doubleStar?: boolean } = {}): RegExp | undefined => {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] ?? "";
    if (char === "*" && options.doubleStar === true && pattern[i + 1] === "*") {
      i++;
      if (pattern[i + 1] === "/") {
        i++;
        source += "(?:.*/)?";
      } else source += ".*";
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[") {
      const end = classEnd(pattern, i + 1);
      if (end < 0) return undefined;
      source += classSource(pattern.slice(i + 1, end));
      i = end;
    } else if (char === "\\") {
      const next = pattern[++i];
      if (next === undefined) return undefined;
      source += escaped(next);
    } else source += escaped(char);
  }
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    return undefined;
  }
};

const escaped = (char: string): string => char.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");

const classEnd = (pattern: string, from: number): number => {
  for (let i = pattern[from] === "^" ? from + 1 : from; i < pattern.length; i++) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]") return i;
  }
  return -1;
};

const classSource = (inner: string): string => {
  const negated = inner.startsWith("^");
  const body = (negated ? inner.slice(1) : inner).replace(/\\?(.)/gs, (match, char: string) =>
    match === "-" ? "-" : char.replace(/[\\\]^-]/, "\\$&"),
  );
  return body === "" ? "(?!)" : `(?!/)[${negated ? "^" : ""}${body}]`;
};
