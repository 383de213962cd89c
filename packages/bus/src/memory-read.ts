import { abortable, delay } from "@slipway/kernel";
import type { MemoryHub } from "./memory-hub.ts";
import type { KeptMessage, MemoryStream } from "./memory-stream.ts";
import type { ReadOptions, ReadStep, StreamMessage } from "./transport.ts";

/** Most messages of one step. */
const BATCH = 1_000;
/** How long an ordered consumer takes to notice a message that was lost or overtaken, and to begin again. */
const REPAIR_MS = 100;

/** `Transport.read` in memory. What the network loses makes the reader begin again, as an ordered consumer does. */
export async function* readMemory(
  hub: MemoryHub,
  client: string,
  options: ReadOptions,
): AsyncGenerator<ReadStep, void, undefined> {
  const { signal } = options;
  const quiet = (wait: Promise<void>) =>
    wait.catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  while (!signal.aborted) {
    const stream = hub.connected(client) ? hub.stream(options.stream) : undefined;
    if (stream === undefined) {
      await quiet(hubChanged(hub, signal));
      continue;
    }
    const state = stream.state();
    const start = options.begin(state);
    let next = stream.startOf(start);
    const alive = () => hub.connected(client) && hub.stream(options.stream) === stream && !signal.aborted;
    yield { type: "opened", state, pending: count(stream.from(next, options.subject)) };

    while (alive()) {
      const found = [...take(stream.from(next, options.subject), BATCH + 1)];
      if (found.length === 0) {
        await quiet(streamChanged(stream, signal));
        continue;
      }
      const more = found.length > BATCH ? count(stream.from(found[BATCH]?.sequence ?? 0, options.subject)) : 0;
      const batch = found.slice(0, BATCH);
      const delayMs = hub.delayMs();
      if (delayMs > 0) await quiet(delay(delayMs, signal, hub.clock));
      if (!alive()) break;
      const lostAt = batch.findIndex(() => hub.chance(hub.faults.drop) || hub.chance(hub.faults.reorder));
      const arrived = lostAt < 0 ? batch : batch.slice(0, lostAt);
      const messages = arrived.flatMap((kept, index) => {
        const message = asMessage(kept, batch.length - 1 - index + more, options.headersOnly === true);
        return hub.chance(hub.faults.duplicate) ? [message, message] : [message];
      });
      next = (arrived.at(-1)?.sequence ?? next - 1) + 1;
      if (messages.length > 0) yield { type: "messages", messages };
      if (lostAt >= 0) {
        await quiet(delay(REPAIR_MS, signal, hub.clock));
        break;
      }
    }
  }
}

const asMessage = (kept: KeptMessage, pending: number, headersOnly: boolean): StreamMessage => ({
  subject: kept.subject,
  sequence: kept.sequence,
  pending,
  text: () => (headersOnly ? "" : kept.text),
  header: (name) => kept.headers[name] ?? "",
});

const count = (messages: Iterable<KeptMessage>): number => {
  let found = 0;
  for (const _ of messages) found++;
  return found;
};

const take = function* (messages: Iterable<KeptMessage>, most: number): Generator<KeptMessage, void, undefined> {
  let taken = 0;
  for (const message of messages) {
    if (taken++ === most) return;
    yield message;
  }
};

const hubChanged = (hub: MemoryHub, signal: AbortSignal): Promise<void> =>
  abortable(signal, (resolve) => {
    const forget = hub.onChanged(() => {
      forget();
      resolve();
    });
    return forget;
  });

const streamChanged = (stream: MemoryStream, signal: AbortSignal): Promise<void> =>
  abortable(signal, (resolve) => {
    const forget = stream.onChanged(() => {
      forget();
      resolve();
    });
    return forget;
  });
