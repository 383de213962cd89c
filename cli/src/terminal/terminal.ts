/** Where the command line writes, and what it may assume of who reads. */
export interface Terminal {
  /** Results. */
  out(text: string): void;
  /** Progress, warnings and errors. */
  err(text: string): void;
  /** A person watches: lines may be rewritten, and width is theirs. */
  readonly live: boolean;
  /** Colours in results, and in all else: each where a person reads it. */
  readonly colour: boolean;
  readonly errColour: boolean;
  readonly width: number;
}

/** The process's own streams. A reader that goes away (`| head`) ends the command quietly. */
export const processTerminal = (): Terminal => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
    });
  }
  const live = process.stderr.isTTY === true && !process.env.CI;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live,
    colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
    errColour: process.stderr.isTTY === true && !process.env.NO_COLOR,
    width: process.stderr.columns || 100,
  };
};

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The text in a style, where colours are wanted. */
export const styled = (colour: boolean, style: keyof typeof STYLES, text: string): string =>
  colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text;
