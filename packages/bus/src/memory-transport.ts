import { abortable, delay, SlipwayError } from "@slipway/kernel";
import type { MemoryHub } from "./memory-hub.ts";
import { readMemory } from "./memory-read.ts";
import type { MemoryStream } from "./memory-stream.ts";
import type { MemoryWork } from "./memory-work.ts";
import type { PublishOptions, Transport } from "./transport.ts";

const MAX_MESSAGE_BYTES = 1_048_576;
/** How long a caller waits for an answer that was lost. */
const ANSWER_TIMEOUT_MS = 5_000;

/** One client of the in-memory hub. */
export const memoryTransport = (hub: MemoryHub, work: MemoryWork, client: string): Transport => {
  const closing = new AbortController();
  const { clock, random } = hub;
  const until = (signal: AbortSignal) => AbortSignal.any([signal, closing.signal]);

  const streamFor = (subject: string): MemoryStream => {
    const stream = hub.streamFor(subject);
    if (stream === undefined) throw unavailable(`no stream takes in "${subject}"`);
    return stream;
  };
  const named = (name: string): MemoryStream => {
    const stream = hub.stream(name);
    if (stream === undefined) throw unavailable(`the stream ${name} does not exist`);
    return stream;
  };
  const noAnswer = async (signal?: AbortSignal): Promise<never> => {
    await delay(ANSWER_TIMEOUT_MS, signal, clock);
    throw unavailable("no answer came in time");
  };
  /** One request to the server and back; `act` happens there. */
  const ask = async <T>(act: () => T, signal?: AbortSignal): Promise<T> => {
    signal?.throwIfAborted();
    if (closing.signal.aborted) throw unavailable("the connection is closed");
    if (!hub.connected(client) || hub.chance((hub.faults.drop ?? 0) / 2)) return noAnswer(signal);
    const answer = act();
    const delayMs = hub.delayMs();
    if (delayMs > 0) await delay(delayMs, signal, clock);
    if (!hub.connected(client) || hub.chance((hub.faults.drop ?? 0) / 2)) return noAnswer(signal);
    return answer;
  };

  return {
    clock,
    random,
    maxMessageBytes: () => MAX_MESSAGE_BYTES,
    publish: (subject, text, options: PublishOptions = {}) =>
      ask(() => {
        const { id = "", headers = {} } = options;
        return streamFor(subject).append({ subject, text, id, headers }, clock.now());
      }, options.signal),
    place: (subject, text, { id, headers, afterSequence }) =>
      ask(() => streamFor(subject).place({ subject, text, id, headers }, afterSequence, clock.now())),
    streamState: (name) => ask(() => hub.stream(name)?.state()),
    messageId: (name, sequence) => ask(() => hub.stream(name)?.get(sequence)?.id),
    ensureStream: (spec, { notes, create }) => ask(() => hub.ensureStream(spec, notes, create)),
    setNotes: (name, notes) =>
      ask(() => {
        named(name).notes = notes;
      }),
    deleteMessage: (name, sequence) => ask(() => hub.stream(name)?.delete(sequence)),
    read: (options) => readMemory(hub, client, { ...options, signal: until(options.signal) }),
    work: (stream, handle, signal) => work.run(client, stream, handle, until(signal)),
    send: (subject, text, replyTo = "") => hub.send(client, subject, text, replyTo),
    subscribe: (subject, handle, signal) => {
      if (signal.aborted || closing.signal.aborted) return;
      const end = hub.subscribe({ client, subject, handle });
      until(signal).addEventListener("abort", end, { once: true });
    },
    connected: () => hub.connected(client) && !closing.signal.aborted,
    whenConnected: async (signal) => {
      while (!hub.connected(client)) {
        await abortable(until(signal), (resolve) => {
          const forget = hub.onChanged(() => {
            forget();
            resolve();
          });
          return forget;
        });
      }
    },
    close: async () => closing.abort(),
  };
};

const unavailable = (why: string): SlipwayError =>
  new SlipwayError("BusUnavailable", `The bus could not be reached (${why}): try again.`);
