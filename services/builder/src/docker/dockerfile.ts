/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals: `FROM`, `RUN`. */
  readonly name: string;
  /** What follows, continuation lines joined. */
  readonly args: string;
  /** Index of its first line and of the line after its last. */
  readonly start: number;
  readonly end: number;
}

const DIRECTIVE = /^#\s*escape\s*=\s*([\\`])\s*$/i;

/** The instructions of a Dockerfile, by the classic builder's rules: comments, continuation lines, the escape directive. */
export const parseDockerfile = (text: string): readonly Instruction[] => {
  const lines = text.split("\n");
  let escapeChar = "\\";
  for (const line of lines) {
    if (!line.startsWith("#")) break;
    escapeChar = DIRECTIVE.exec(line.trimEnd())?.[1] ?? escapeChar;
  }
  const instructions: Instruction[] = [];
  for (let i = 0; i < lines.length; ) {
    if ((lines[i] ?? "").trimStart().startsWith("#")) {
      i++;
      continue;
    }
    const start = i;
    let joined = "";
    let open = true;
    while (open && i < lines.length) {
      const line = (lines[i++] ?? "").trimEnd();
      // A comment, or an empty line, within a continued instruction does not end it.
      if (joined !== "" && (line === "" || line.trimStart().startsWith("#"))) continue;
      open = line.endsWith(escapeChar);
      joined += open ? line.slice(0, -1) : line;
    }
    const match = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s.exec(joined);
    if (match !== null) {
      instructions.push({ name: (match[1] ?? "").toUpperCase(), args: (match[2] ?? "").trim(), start, end: i });
    }
  }
  return instructions;
};

/** What a FROM says. */
export interface From {
  /** `--platform=…` and the like, with a space at its end; else empty. */
  readonly flags: string;
  readonly image: string;
  /** The stage's name, or empty. */
  readonly alias: string;
}

export const parseFrom = (args: string): From => {
  const words = args.split(/\s+/).filter((word) => word !== "");
  const flags = words.filter((word) => word.startsWith("--"));
  const [image = "", as = "", alias = ""] = words.filter((word) => !word.startsWith("--"));
  return { flags: flags.map((flag) => `${flag} `).join(""), image, alias: as.toLowerCase() === "as" ? alias : "" };
};

/** Variables or labels as Dockerfile text. Quotes keep spaces; `$` stays as it is, so that nothing of it is expanded. */
export const dockerfileAssignments = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(
      ([name, value]) =>
        `${/^[\w./-]+$/.test(name) ? name : JSON.stringify(name)}="${value.replace(/[\\"$`]/g, "\\$&").replace(/\r?\n/g, "\\\n")}"`,
    )
    .join(" ");
