/** Collects text that comes in pieces and hands it on line by line. */
export const lineWriter = (onLine: (line: string) => void): { write(text: string): void; end(): void } => {
  let rest = "";
  return {
    write(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
};
