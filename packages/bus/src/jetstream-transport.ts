import { headers, type Msg } from "@nats-io/transport-node";
import { linkedSignal, systemClock, systemRandom } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import { Placer } from "./jetstream-place.ts";
import { readJetStream } from "./jetstream-read.ts";
import { ensureStream, findStream, setNotes, stateOf } from "./jetstream-streams.ts";
import { workJetStream } from "./jetstream-work.ts";
import { hasJetStreamCode, JS_CODES, translate } from "./nats-errors.ts";
import type { NatsLink } from "./nats-link.ts";
import type { PublishOptions, StreamState, Transport } from "./transport.ts";

/** How long a publish waits for a lost connection before it fails. */
const CONNECT_WITHIN_MS = 5_000;
const DEFAULT_MAX_PAYLOAD = 1_048_576;

/** The bus's port on one NATS connection. */
export const jetStreamTransport = (link: NatsLink, logger: BusLogger): Transport => {
  const clock = systemClock;
  const random = systemRandom;
  const placer = new Placer(link, clock);

  /** Runs one request; waits for the connection a while, and turns any error into ours. */
  const ask = async <T>(doing: string, act: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      if (!link.connected()) {
        const patience = linkedSignal(signal, AbortSignal.timeout(CONNECT_WITHIN_MS));
        await link.whenConnected(patience.signal).finally(() => patience.abort());
      }
      return await link.untilLost(act);
    } catch (error) {
      signal?.throwIfAborted();
      throw translate(error, doing);
    }
  };

  const streamState = (stream: string): Promise<StreamState | undefined> =>
    ask(`tell the state of ${stream}`, async () => {
      const info = await findStream(link, stream);
      return info === undefined ? undefined : stateOf(info);
    });
  const parts = { link, clock, random, logger, streamState };

  return {
    clock,
    random,
    maxMessageBytes: () => link.nc.info?.max_payload ?? DEFAULT_MAX_PAYLOAD,
    publish: (subject, text, options: PublishOptions = {}) =>
      ask(
        "take in a message",
        async () => {
          const head = headers();
          for (const [name, value] of Object.entries(options.headers ?? {})) head.set(name, value);
          const { seq: sequence, duplicate } = await link.js.publish(subject, text, {
            headers: head,
            ...(options.id === undefined ? {} : { msgID: options.id }),
          });
          return { sequence, duplicate };
        },
        options.signal,
      ),
    place: (subject, text, options) => placer.place(subject, text, options),
    streamState,
    messageId: (stream, sequence) =>
      ask(`show a message of ${stream}`, async () => {
        const message = await link.jsm.streams.getMessage(stream, { seq: sequence });
        return message?.header.get("Nats-Msg-Id") || undefined;
      }),
    ensureStream: (spec, options) => ask(`make the stream ${spec.name}`, () => ensureStream(link, spec, options)),
    setNotes: (stream, notes) => ask(`note something on ${stream}`, () => setNotes(link, stream, notes)),
    deleteMessage: (stream, sequence) =>
      ask(`take a message out of ${stream}`, async () => {
        try {
          await link.jsm.streams.deleteMessage(stream, sequence, false);
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      }),
    read: (options) => readJetStream(parts, options),
    work: (stream, handle, signal) => workJetStream(parts, stream, handle, AbortSignal.any([signal, link.closing])),
    send: (subject, text, replyTo) => {
      if (!link.connected()) return;
      link.nc.publish(subject, text, replyTo === undefined ? {} : { reply: replyTo });
    },
    subscribe: (subject, handle, signal) => {
      if (signal.aborted || link.closing.aborted) return;
      const subscription = link.nc.subscribe(subject, {
        callback: (error, message) => {
          if (error !== null) logger.warn({ err: error, subject }, "A subscription was refused");
          else handle(plainMessage(message));
        },
      });
      signal.addEventListener("abort", () => subscription.unsubscribe(), { once: true });
    },
    connected: () => link.connected(),
    whenConnected: (signal) => link.whenConnected(signal),
    close: () => link.close(),
  };
};

/** The message was taken out before, or replaced by a newer one of its subject. */
const isGone = (error: unknown): boolean =>
  hasJetStreamCode(error, JS_CODES.noMessageFound) ||
  (hasJetStreamCode(error, 10057) && error instanceof Error && /no message found|not found/.test(error.message));

const plainMessage = (message: Msg) => ({
  subject: message.subject,
  replyTo: message.reply ?? "",
  noResponders: message.headers?.code === 503 && message.data.length === 0,
  text: () => message.string(),
});
