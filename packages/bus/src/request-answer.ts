import { type Deferred, deferred, linkedSignal, raceSignal } from "@slipway/kernel";
import type { BusLogger } from "./bus-logger.ts";
import {
  ALIVE_EVERY_MS,
  type Answer,
  answerSubject,
  type Request,
  repeat,
  requestSubject,
  SILENCE_MS,
  toWireError,
  WINDOW,
  type Word,
  wordSubject,
} from "./request-protocol.ts";
import type { Transport } from "./transport.ts";

type Handler = (data: unknown, signal: AbortSignal) => AsyncIterable<unknown>;

/** `Requests.serve`: its promises stand there. */
export const answerRequest = (
  transport: Transport,
  logger: BusLogger,
  node: string,
  verb: string,
  handler: Handler,
  signal: AbortSignal,
): void => {
  // A request that the network repeats is answered once: by the call's id, as long as the call lasts.
  const running = new Set<string>();
  transport.subscribe(
    requestSubject(node, verb),
    (message) => {
      const request = JSON.parse(message.text()) as Request;
      if (running.has(request.call)) return;
      running.add(request.call);
      answerCall(transport, node, request, handler, signal)
        .catch((error: unknown) => logger.warn({ err: error, node, verb }, "A call ended without its last answer"))
        .finally(() => running.delete(request.call));
    },
    signal,
  );
};

const answerCall = async (
  transport: Transport,
  node: string,
  { call, data }: Request,
  handler: Handler,
  signal: AbortSignal,
): Promise<void> => {
  const { clock } = transport;
  const during = linkedSignal(signal);
  const say = (answer: Answer) => transport.send(answerSubject(node, call), JSON.stringify(answer));
  let heardAt = clock.now();
  let sent = 0;
  let received = 0;
  let room: Deferred<void> | undefined;

  transport.subscribe(
    wordSubject(node, call),
    (message) => {
      heardAt = clock.now();
      const word = JSON.parse(message.text()) as Word;
      if (word.type === "cancel") return during.abort();
      received = Math.max(received, word.number);
      room?.resolve();
    },
    during.signal,
  );
  say({ type: "alive" });
  repeat(clock, ALIVE_EVERY_MS, during.signal, () => {
    if (clock.now() - heardAt >= SILENCE_MS) during.abort();
    else say({ type: "alive" });
  });

  try {
    for await (const item of handler(data, during.signal)) {
      while (sent - received >= WINDOW) {
        room = deferred();
        await raceSignal(room.promise, during.signal);
      }
      if (during.signal.aborted) return;
      say({ type: "item", number: ++sent, item });
    }
    if (!during.signal.aborted || signal.aborted) say({ type: "end", number: ++sent });
  } catch (error) {
    // A handler that its signal stopped has nobody left to tell.
    if (!during.signal.aborted) say({ type: "error", number: ++sent, error: toWireError(error) });
  } finally {
    during.abort();
  }
};
