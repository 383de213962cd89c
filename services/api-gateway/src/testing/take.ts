/** Reads a stream until `enough` says so, then leaves it, which cancels the call. */
export const takeUntil = async <T>(stream: AsyncIterable<T>, enough: (seen: readonly T[]) => boolean): Promise<T[]> => {
  const seen: T[] = [];
  for await (const one of stream) {
    seen.push(one);
    if (enough(seen)) return seen;
  }
  return seen;
};

/** The first so many of a stream. */
export const take = <T>(stream: AsyncIterable<T>, count: number): Promise<T[]> =>
  takeUntil(stream, ({ length }) => length >= count);
