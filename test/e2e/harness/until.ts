const POLL_MS = 100;

/**
 * Asks until the answer is not undefined: for what nothing announces, as the kernel's tables or an HTTP answer. An
 * error of `probe` counts as no answer. Fails after `withinMs`, with `what` and the last error.
 */
export const until = async <T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  withinMs = 30_000,
): Promise<T> => {
  const end = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      const why = last instanceof Error ? `: ${last.message}` : "";
      throw new Error(`Not within ${withinMs} ms: ${what}${why}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};
