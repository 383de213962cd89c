const GAP = 3;

/** How wide each column is: its widest cell of these lines, and never narrower than before. */
export const columnWidths = (
  lines: readonly (readonly string[])[],
  before: readonly number[] = [],
): readonly number[] => {
  const columns = Math.max(before.length, ...lines.map((line) => line.length));
  return Array.from({ length: columns }, (_, i) =>
    Math.max(before[i] ?? 0, ...lines.map((line) => (line[i] ?? "").length)),
  );
};

/** Cells padded to their columns; nothing behind the last one. */
export const renderLine = (cells: readonly string[], widths: readonly number[]): string =>
  `${cells
    .map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + GAP)))
    .join("")
    .trimEnd()}\n`;

/** A header and its rows, columns as wide as their widest cell. */
export const renderTable = (header: readonly string[], rows: readonly (readonly string[])[]): string => {
  const lines = [header, ...rows];
  const widths = columnWidths(lines);
  return lines.map((line) => renderLine(line, widths)).join("");
};
