/** What the relay counts: each call adds one, except `lag`. */
export interface RelayMetrics {
  published(): void;
  /** JetStream had the event already: its id was known. */
  duplicate(): void;
  /** Another relay was faster, or an answer was lost: the relay looked where the stream stands and went on from there. */
  overtaken(): void;
  /** Positions that the log is ahead of the bus, as far as the relay has seen. */
  lag(positions: number): void;
}
