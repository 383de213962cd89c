import { SlipwayError, type StoredEvent } from "@slipway/kernel";
import type { ReadOptions } from "./port.ts";

/** Events in order of position, at most `limit` of them within [from, to] that match the options' filters. */
export type ReadPage = (
  from: number,
  to: number,
  limit: number,
  options: ReadOptions,
) => Promise<readonly StoredEvent[]>;

/** Rows a page: below 1,000 the round trips show, above 5,000 the memory does. */
const PAGE_EVENTS = 2_000;
const DEFAULT_BATCH_EVENTS = 1_000;

/** Reads page after page up to `head`; the next page is on its way while the caller works on this one. */
export async function* readAll(
  from: number,
  options: ReadOptions,
  head: (signal?: AbortSignal) => Promise<number>,
  readPage: ReadPage,
): AsyncGenerator<readonly StoredEvent[]> {
  checkFrom(from);
  const { signal, batchSize = DEFAULT_BATCH_EVENTS } = options;
  signal?.throwIfAborted();
  const to = Math.min(options.to ?? Number.POSITIVE_INFINITY, await head(signal));
  let left = options.limit ?? Number.POSITIVE_INFINITY;

  const fetch = (next: number): Promise<readonly StoredEvent[]> | undefined => {
    if (next > to || left <= 0) return undefined;
    const page = readPage(next, to, Math.min(left, PAGE_EVENTS), options);
    // Whoever stops early never looks at this page.
    page.catch(() => {});
    return page;
  };

  let coming = fetch(from);
  while (coming !== undefined) {
    const wanted = Math.min(left, PAGE_EVENTS);
    const page = await coming;
    const last = page.at(-1);
    left -= page.length;
    coming = last === undefined || page.length < wanted ? undefined : fetch(last.position + 1);
    for (let at = 0; at < page.length; at += batchSize) {
      signal?.throwIfAborted();
      yield page.length <= batchSize ? page : page.slice(at, at + batchSize);
    }
  }
}

/** Refuses what is no position with `UnknownPosition`. */
export const checkFrom = (from: number): void => {
  if (Number.isSafeInteger(from) && from >= 1) return;
  throw new SlipwayError("UnknownPosition", `${from} is no position to read from: the first is 1.`, {
    fields: { from },
  });
};
