import { backoffDelayMs, delay, isSlipwayError } from "@slipway/kernel";

/** An answer of a stream that says how far into the log it reaches. */
interface Positioned {
  readonly position: bigint;
}

export interface ResumedOptions {
  readonly signal: AbortSignal;
  /** Where to begin: everything up to here is known already, from a server that did answer. */
  readonly after?: bigint;
  /** The server went away; said once an outage. */
  readonly onLost?: () => void;
  /** For tests: waits between two tries. */
  readonly wait?: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

const BACKOFF = { initialMs: 100, maxMs: 2_000 };

/** Tries without a single answer before the outage is told as an error: about two minutes. */
const MOST_TRIES = 65;

/**
 * A stream that outlives its connection: when the server goes away, it is opened again behind the last position that was
 * told, so that nothing is missed. A server that never answered at all is an error at once.
 */
export async function* resumed<T extends Positioned>(
  open: (after: bigint | undefined) => AsyncIterable<T>,
  { signal, after, onLost = () => {}, wait = delay }: ResumedOptions,
): AsyncGenerator<T, void, undefined> {
  let told = after;
  let failures = 0;
  for (;;) {
    try {
      for await (const answer of open(told)) {
        failures = 0;
        yield answer;
        told = answer.position;
      }
      return;
    } catch (error) {
      const lost = isSlipwayError(error, "ServerUnavailable") && told !== undefined && failures < MOST_TRIES;
      if (!lost) throw error;
      if (failures++ === 0) onLost();
      await wait(backoffDelayMs(BACKOFF, failures), signal);
    }
  }
}
