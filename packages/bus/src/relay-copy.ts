import { type Deferred, deferred, SlipwayError, type StoredEvent } from "@slipway/kernel";
import type { LogReader } from "./log-reader.ts";
import type { RelayMetrics } from "./relay-metrics.ts";
import type { PlaceOutcome } from "./transport.ts";

export interface CopyOptions {
  readonly log: Pick<LogReader, "read">;
  /** The first position that the bus lacks. */
  readonly from: number;
  /** Sends one event to its place; sends may overlap. */
  readonly place: (event: StoredEvent) => Promise<PlaceOutcome>;
  /** Called with each position that is known to be on the bus. */
  readonly onPlaced: (position: number) => void;
  /** Events sent without waiting for the answer to the first of them. */
  readonly window: number;
  readonly metrics: RelayMetrics | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends all events that the log has from a position on, many under way at once. Answers once every answer has come: true
 * when all stand at their places by this copy's doing, false when another relay was at work. Throws the first error.
 */
export const copyEvents = async (options: CopyOptions): Promise<boolean> => {
  const { log, from, place, onPlaced, window, metrics, signal } = options;
  let next = from;
  let placed = from - 1;
  let underWay = 0;
  let answered: Deferred<void> | undefined;
  let trouble: { readonly error: unknown } | undefined;
  let overtaken = false;

  const onAnswer = () => {
    underWay--;
    answered?.resolve();
    answered = undefined;
  };
  const onOutcome = (position: number, outcome: PlaceOutcome) => {
    if (outcome !== "stored") overtaken = true;
    if (outcome !== "misplaced") {
      placed = position;
      onPlaced(position);
    }
    if (outcome === "stored") metrics?.published();
    if (outcome === "duplicate") metrics?.duplicate();
    onAnswer();
  };
  const send = (event: StoredEvent) => {
    underWay++;
    place(event).then(
      (outcome) => onOutcome(event.position, outcome),
      (error: unknown) => {
        trouble ??= { error };
        onAnswer();
      },
    );
  };
  const waitUntilUnderWay = async (most: number) => {
    while (underWay > most) {
      answered ??= deferred();
      await answered.promise;
    }
  };

  try {
    reading: for await (const events of log.read(from, { signal })) {
      metrics?.lag((events.at(-1)?.position ?? placed) - placed);
      for (const event of events) {
        if (event.position !== next) throw holeInLog(next, event.position);
        if (underWay >= window) await waitUntilUnderWay(window - 1);
        if (trouble !== undefined || overtaken || signal.aborted) break reading;
        send(event);
        next++;
      }
    }
  } finally {
    await waitUntilUnderWay(0);
  }
  if (trouble !== undefined) throw trouble.error;
  if (overtaken) metrics?.overtaken();
  else metrics?.lag(0);
  return !overtaken;
};

const holeInLog = (expected: number, found: number): SlipwayError =>
  new SlipwayError("LogUnavailable", `The log was read with a hole before position ${found}: read it again.`, {
    fields: { expected, found },
  });
