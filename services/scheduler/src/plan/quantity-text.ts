const UNITS = ["", "Ki", "Mi", "Gi", "Ti"] as const;

/** Bytes as people write them in manifests: `512Mi`, `2Gi`, `1536Mi` for 1.5 GiB; one decimal at most. */
export const formatBytes = (bytes: number): string => {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < UNITS.length - 1 && value >= 1024 && (value % 1024 === 0 || value >= 10 * 1024)) {
    value /= 1024;
    unit++;
  }
  return `${Math.floor(value * 10) / 10}${UNITS[unit]}`;
};

/** Millicores as people write them: `500m`, `2`. */
export const formatCpu = (millis: number): string => {
  const value = Math.max(0, millis);
  return value % 1000 === 0 ? String(value / 1000) : `${value}m`;
};
