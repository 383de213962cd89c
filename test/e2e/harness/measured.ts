/** A figure for whoever reads the run's output: nothing is asserted about it. */
export const measured = (what: string, figure: string | number, unit = "ms"): void => {
  const text = typeof figure === "number" ? `${Math.round(figure)} ${unit}` : figure;
  process.stderr.write(`measured: ${what}: ${text}\n`);
};
