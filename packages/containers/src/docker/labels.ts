/** The engine's filter for labels: `key` for any value, else `key=value`. */
export const labelFilter = (labels: Readonly<Record<string, string>> | undefined): string[] =>
  Object.entries(labels ?? {}).map(([key, value]) => (value === "" ? key : `${key}=${value}`));
