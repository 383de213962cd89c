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
/** Pages on their way at once where it is known where each begins: Postgres works on one while we decode the other. */
const PAGES_AHEAD = 2;
const DEFAULT_BATCH_EVENTS = 1_000;

/** Reads page after page up to `head`; the next is on its way while the caller works on this one. */
export async function* readAll(
  from: number,
  options: ReadOptions,
  head: (signal?: AbortSignal) => Promise<number>,
  readPage: ReadPage,
): AsyncGenerator<readonly StoredEvent[]> {
  checkFrom(from);
  const { signal, batchSize = DEFAULT_BATCH_EVENTS, streams, streamPrefix, types } = options;
  signal?.throwIfAborted();
  const to = Math.min(options.to ?? Number.POSITIVE_INFINITY, await head(signal));
  const filtered = streams !== undefined || streamPrefix !== undefined || types !== undefined;
  const pages = (filtered ? sparsePages : densePages)(from, to, options, readPage);
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += batchSize) {
      signal?.throwIfAborted();
      yield page.length <= batchSize ? page : page.slice(at, at + batchSize);
    }
  }
}

/** Without filters every position is there, so each page's place is known beforehand. */
async function* densePages(
  from: number,
  to: number,
  options: ReadOptions,
  readPage: ReadPage,
): AsyncGenerator<readonly StoredEvent[]> {
  const end = Math.min(to, from + (options.limit ?? Number.POSITIVE_INFINITY) - 1);
  const coming: Promise<readonly StoredEvent[]>[] = [];
  let next = from;
  const fetchAhead = () => {
    while (coming.length < PAGES_AHEAD && next <= end) {
      const size = Math.min(PAGE_EVENTS, end - next + 1);
      coming.push(unwatched(readPage(next, end, size, options)));
      next += size;
    }
  };
  fetchAhead();
  for (let page = coming.shift(); page !== undefined; page = coming.shift()) {
    const events = await page;
    fetchAhead();
    yield events;
  }
}

/** With filters a page begins behind the last event of the one before. */
async function* sparsePages(
  from: number,
  to: number,
  options: ReadOptions,
  readPage: ReadPage,
): AsyncGenerator<readonly StoredEvent[]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  const fetch = (next: number) =>
    next > to || left <= 0 ? undefined : unwatched(readPage(next, to, Math.min(left, PAGE_EVENTS), options));
  let coming = fetch(from);
  while (coming !== undefined) {
    const wanted = Math.min(left, PAGE_EVENTS);
    const page: readonly StoredEvent[] = await coming;
    const last = page.at(-1);
    left -= page.length;
    coming = last === undefined || page.length < wanted ? undefined : fetch(last.position + 1);
    yield page;
  }
}

/** Whoever stops early never looks at the pages that are still on their way: their failure is nobody's. */
const unwatched = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => {});
  return promise;
};

/** Refuses what is no position with `UnknownPosition`. */
export const checkFrom = (from: number): void => {
  if (Number.isSafeInteger(from) && from >= 1) return;
  throw new SlipwayError("UnknownPosition", `${from} is no position to read from: the first is 1.`, {
    fields: { from },
  });
};
