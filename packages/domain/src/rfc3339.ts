/** Milliseconds since the epoch, or undefined when the text is absent or no time. */
export const timeOf = (text: unknown): number | undefined => {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

/** True when both are times and the first is the earlier one, to the millisecond. */
export const isBefore = (a: unknown, b: unknown): boolean => {
  const [first, second] = [timeOf(a), timeOf(b)];
  return first !== undefined && second !== undefined && first < second;
};

/** The later of two times; one that is no time loses. */
export const laterOf = (a: string | undefined, b: string | undefined): string | undefined =>
  timeOf(a) === undefined || isBefore(a, b) ? b : a;

/** Whole milliseconds from one time to another; 0 when either is unknown or they stand the wrong way round. */
export const millisBetween = (from: unknown, to: unknown): number => {
  const [start, end] = [timeOf(from), timeOf(to)];
  return start === undefined || end === undefined ? 0 : Math.max(0, end - start);
};
