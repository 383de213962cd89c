/** The streams that a server has open, so that its stop can end them: a follow would hold it open for ever. */
export interface OpenStreams {
  /** Notes a stream and how to end it; gives what to call when it has ended by itself. */
  add(end: () => void): () => void;
  /** Ends all, and at once every one that is added later. */
  endAll(): void;
  readonly size: number;
}

export const openStreams = (): OpenStreams => {
  const ends = new Set<() => void>();
  let over = false;
  return {
    add: (end) => {
      if (over) end();
      else ends.add(end);
      return () => void ends.delete(end);
    },
    endAll: () => {
      over = true;
      for (const end of ends) end();
      ends.clear();
    },
    get size() {
      return ends.size;
    },
  };
};
