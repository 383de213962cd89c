import { type Clock, type Deferred, deferred } from "@slipway/kernel";

const MAX_LINES = 64;
const MAX_WAIT_MS = 100;
/** So much is read ahead while the one before is on its way; then reading waits. */
const MAX_BUFFERED = 1_024;

/**
 * Gathers items that come close together: a batch goes out when it holds 64, or 100 ms after its first. Ends with its source
 * or with the signal; an error of the source comes after what was read before it.
 */
export async function* batches<T>(
  source: AsyncIterable<T>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  const buffer: T[] = [];
  let done = false;
  let failure: unknown;
  let change = deferred();
  let room: Deferred<void> | undefined;
  const wake = () => {
    change.resolve();
    change = deferred();
  };

  const fill = async (): Promise<void> => {
    try {
      for await (const item of source) {
        buffer.push(item);
        if (buffer.length === 1 || buffer.length >= MAX_LINES) wake();
        if (buffer.length >= MAX_BUFFERED) {
          room = deferred();
          await room.promise;
        }
        if (signal.aborted) break;
      }
    } catch (error) {
      failure = error;
    }
    done = true;
    wake();
  };
  const onAbort = () => {
    room?.resolve();
    wake();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  void fill();

  try {
    while (!signal.aborted) {
      if (buffer.length === 0) {
        if (done) break;
        await change.promise;
        continue;
      }
      if (buffer.length < MAX_LINES && !done) {
        const changed = change;
        const timer = clock.schedule(MAX_WAIT_MS, () => changed.resolve());
        await changed.promise;
        timer.cancel();
        if (change === changed) change = deferred();
      }
      const batch = buffer.splice(0, MAX_LINES);
      room?.resolve();
      if (batch.length > 0) yield batch;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    room?.resolve();
  }
  if (failure !== undefined && !signal.aborted) throw failure;
}
