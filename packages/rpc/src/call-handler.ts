import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import type { DescMessage, DescMethod, Message } from "@bufbuild/protobuf";
import type {
  Metadata,
  MetadataValue,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedHandleCall,
} from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { abortable, type Clock, raceSignal, SlipwayError } from "@slipway/kernel";
import type { CallContext, CallLogger } from "./call-context.ts";
import { type CallIdentity, serverStops } from "./guard.ts";
import type { OpenStreams } from "./open-streams.ts";
import { decode, encode, methodPath } from "./service-definition.ts";
import type { AnyHandler } from "./service-impl.ts";
import type { GrpcStatusName } from "./status.ts";
import { toWireError, type WireError } from "./wire-error.ts";

/** One call, for metrics. */
export interface FinishedCall {
  /** `slipway.v1.Resources/Apply` */
  readonly method: string;
  readonly status: GrpcStatusName | "OK";
  readonly durationMs: number;
}

export interface CallEnvironment {
  readonly identityOf: (metadata: Metadata) => CallIdentity | undefined;
  readonly streams: OpenStreams;
  readonly logger: CallLogger;
  readonly clock: Clock;
  readonly onFinished: (call: FinishedCall) => void;
}

/** What the library hands to a handler: the four kinds of calls share all that is used here. */
type AnyCall =
  | ServerUnaryCall<Buffer, Buffer>
  | ServerWritableStream<Buffer, Buffer>
  | ServerDuplexStream<Buffer, Buffer>;

/**
 * One of our handlers in the form that the library calls, for any of the four kinds of methods: decodes what comes,
 * hands it over with its context, sends what is given back, and turns what is thrown into a status.
 */
export const callHandler =
  (method: DescMethod, handler: AnyHandler, environment: CallEnvironment): UntypedHandleCall =>
  (call: AnyCall, respond?: sendUnaryData<Buffer>) =>
    void serveCall(method, handler, environment, call, respond);

const serveCall = async (
  method: DescMethod,
  handler: AnyHandler,
  environment: CallEnvironment,
  call: AnyCall,
  respond: sendUnaryData<Buffer> | undefined,
): Promise<void> => {
  const { clock, onFinished } = environment;
  const startMs = clock.now();
  const identity = environment.identityOf(call.metadata);
  const { context, close } = openCall(method, call, identity, environment);
  const { signal } = context;
  let failure: WireError | undefined;
  try {
    if (identity === undefined) throw new SlipwayError("Unauthenticated", "The call was not let in.");
    const request = "request" in call ? decode(method.input, call.request) : requestsOf(call, method.input, signal);
    const given = handler(request, context);
    if (Symbol.asyncIterator in given) {
      await sendAll(call as ServerWritableStream<Buffer, Buffer>, method.output, given, signal);
    } else {
      const response = encode(method.output, await given);
      respond?.(null, response);
    }
  } catch (error) {
    failure = toWireError(signal.aborted ? signal.reason : error, identity?.requestId ?? "", context.logger);
    if (respond === undefined) call.emit("error", failure);
    else respond(failure);
  } finally {
    close();
    onFinished({
      method: context.method,
      status: failure === undefined ? "OK" : (status[failure.code] as GrpcStatusName),
      durationMs: clock.now() - startMs,
    });
  }
};

/** The context of a call, and what to do when it is over. */
const openCall = (
  method: DescMethod,
  call: AnyCall,
  identity: CallIdentity | undefined,
  { streams, logger, clock }: CallEnvironment,
): { context: CallContext; close: () => void } => {
  const controller = new AbortController();
  const name = methodPath(method).slice(1);
  const deadline = Number(call.getDeadline());
  const events: EventEmitter = call;
  events.on("cancelled", () => controller.abort(whyCancelled(deadline, clock)));
  const forget = method.methodKind === "unary" ? () => {} : streams.add(() => controller.abort(serverStops()));
  const principal = identity?.principal ?? { actor: "" };
  const requestId = identity?.requestId ?? "";
  return {
    close: () => {
      forget();
      // Whatever the handler tied to the call's signal ends with the call.
      controller.abort(new SlipwayError("Cancelled", "The call is over."));
    },
    context: {
      signal: controller.signal,
      ...(Number.isFinite(deadline) && { deadlineMs: deadline }),
      principal,
      metadata: textMetadata(call.metadata),
      peer: call.getPeer(),
      logger: logger.child({ requestId, method: name, actor: principal.actor }),
      requestId,
      method: name,
    },
  };
};

/** The library cancels a call when its deadline passes, too; its timer may be early by a tick. */
const whyCancelled = (deadlineMs: number, clock: Clock): SlipwayError =>
  clock.now() >= deadlineMs - 5
    ? new SlipwayError("DeadlineExceeded", "The deadline of the call passed.")
    : new SlipwayError("Cancelled", "The client went away or cancelled the call.");

const textMetadata = (metadata: Metadata): ReadonlyMap<string, string> => {
  const isText = (entry: [string, MetadataValue]): entry is [string, string] =>
    typeof entry[1] === "string" && entry[0] !== "authorization";
  return new Map(Object.entries(metadata.getMap()).filter(isText));
};

async function* requestsOf(call: Readable, desc: DescMessage, signal: AbortSignal): AsyncGenerator<Message> {
  // Not destroyed on return: the call's other direction, its answer, goes on after the handler has read enough.
  const messages: AsyncIterator<Buffer> = call.iterator({ destroyOnReturn: false });
  for (;;) {
    const next = await raceSignal(messages.next(), signal);
    if (next.done) return;
    yield decode(desc, next.value);
  }
}

/** Sends each response when the client has room for it, then ends the call. */
const sendAll = async (
  call: ServerWritableStream<Buffer, Buffer>,
  desc: DescMessage,
  responses: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> => {
  const iterator = responses[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await raceSignal(iterator.next(), signal);
      if (next.done) break;
      if (!call.write(encode(desc, next.value))) await roomIn(call, signal);
    }
  } catch (error) {
    // A generator that waits for something else than the signal hears of the end later; nobody waits for it here.
    iterator.return?.().catch(() => {});
    throw error;
  }
  signal.throwIfAborted();
  call.end();
};

const roomIn = (call: ServerWritableStream<Buffer, Buffer>, signal: AbortSignal): Promise<void> =>
  abortable(signal, (resolve) => {
    const drained = () => resolve();
    call.once("drain", drained);
    return () => call.off("drain", drained);
  });
