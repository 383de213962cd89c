/** RFC 3339 as the engine's queries want it: `seconds.nanoseconds`, nothing of the nine decimals lost. */
export const toEngineTime = (at: string): string => {
  const decimals = /\.(\d+)/.exec(at)?.[1] ?? "";
  const whole = at.replace(/\.\d+/, "");
  return `${Math.floor(Date.parse(whole) / 1_000)}.${decimals.padEnd(9, "0").slice(0, 9)}`;
};
