import type { DescMethod, Message } from "@bufbuild/protobuf";
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientWritableStream,
  Metadata,
  type ServiceError,
  type CallOptions as TransportOptions,
} from "@grpc/grpc-js";
import { abortable, asSlipwayError, SlipwayError } from "@slipway/kernel";
import { asItIs, decode, encode, methodPath } from "./service-definition.ts";
import { DETAILS_KEY, fromWireError } from "./wire-error.ts";

/** What one call carries besides its messages. */
export interface CallSettings {
  readonly deadlineMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

type Requests = AsyncIterable<unknown> | Iterable<unknown>;

/** Why the requests of a call could not all be sent: then that is the call's error, whatever the status says. */
interface Source {
  failure?: unknown;
}

/** One request, one answer. */
export const unaryCall = (
  transport: Client,
  method: DescMethod,
  request: unknown,
  settings: CallSettings,
): Promise<Message> =>
  answerOf(method, settings, (done) =>
    transport.makeUnaryRequest(
      methodPath(method),
      asItIs,
      asItIs,
      encode(method.input, request),
      metadataOf(settings),
      transportOptions(settings),
      done,
    ),
  );

/** Many requests, one answer. */
export const clientStreamingCall = (
  transport: Client,
  method: DescMethod,
  requests: Requests,
  settings: CallSettings,
): Promise<Message> =>
  answerOf(method, settings, (done, source) => {
    const call = transport.makeClientStreamRequest(
      methodPath(method),
      asItIs,
      asItIs,
      metadataOf(settings),
      transportOptions(settings),
      done,
    );
    void sendRequests(call, method, requests, source);
    return call;
  });

/** One request, many answers. */
export const serverStreamingCall = (
  transport: Client,
  method: DescMethod,
  request: unknown,
  settings: CallSettings,
): AsyncIterable<Message> =>
  answersOf(method, settings, () =>
    transport.makeServerStreamRequest(
      methodPath(method),
      asItIs,
      asItIs,
      encode(method.input, request),
      metadataOf(settings),
      transportOptions(settings),
    ),
  );

/** Many requests, many answers, each direction at its own pace. */
export const bidiStreamingCall = (
  transport: Client,
  method: DescMethod,
  requests: Requests,
  settings: CallSettings,
): AsyncIterable<Message> =>
  answersOf(method, settings, (source) => {
    const call = transport.makeBidiStreamRequest(
      methodPath(method),
      asItIs,
      asItIs,
      metadataOf(settings),
      transportOptions(settings),
    );
    void sendRequests(call, method, requests, source);
    return call;
  });

const answerOf = (
  method: DescMethod,
  { signal }: CallSettings,
  begin: (done: (error: ServiceError | null, answer?: Buffer) => void, source: Source) => { cancel(): void },
): Promise<Message> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(cancelled(signal));
      return;
    }
    const cancel = () => call.cancel();
    const source: Source = {};
    const call = begin((error, answer) => {
      signal?.removeEventListener("abort", cancel);
      if (error !== null) reject(failureOf(error, signal, source));
      else {
        try {
          resolve(decode(method.output, answer ?? Buffer.alloc(0)));
        } catch (malformed) {
          reject(malformed);
        }
      }
    }, source);
    signal?.addEventListener("abort", cancel, { once: true });
  });

async function* answersOf(
  method: DescMethod,
  { signal }: CallSettings,
  begin: (source: Source) => ClientReadableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>,
): AsyncGenerator<Message> {
  if (signal?.aborted) throw cancelled(signal);
  const source: Source = {};
  const call = begin(source);
  const cancel = () => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for await (const answer of call) yield decode(method.output, answer);
  } catch (error) {
    throw isServiceError(error) ? failureOf(error, signal, source) : error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    // The status that follows a cancel is an error event; without a listener it would end the process.
    call.on("error", () => {});
    call.cancel();
  }
}

/** Writes requests as fast as the server takes them. When they fail, the call is cancelled: half a stream is none. */
const sendRequests = async (
  call: ClientWritableStream<Buffer> | ClientDuplexStream<Buffer, Buffer>,
  method: DescMethod,
  requests: Requests,
  source: Source,
): Promise<void> => {
  const over = new AbortController();
  const end = () => over.abort();
  call.once("status", end);
  call.once("close", end);
  try {
    for await (const request of requests) {
      if (over.signal.aborted) return;
      if (!call.write(encode(method.input, request))) {
        await abortable(over.signal, (resolve) => {
          const drained = () => resolve();
          call.once("drain", drained);
          return () => call.off("drain", drained);
        });
      }
    }
    call.end();
  } catch (error) {
    if (over.signal.aborted) return;
    source.failure = error;
    call.cancel();
  }
};

const metadataOf = ({ metadata }: CallSettings): Metadata => {
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  return sent;
};

const transportOptions = ({ deadlineMs }: CallSettings): TransportOptions =>
  deadlineMs === undefined ? {} : { deadline: deadlineMs };

const isServiceError = (error: unknown): error is ServiceError =>
  typeof error === "object" && error !== null && "code" in error && "metadata" in error;

const failureOf = (error: ServiceError, signal: AbortSignal | undefined, source: Source): SlipwayError => {
  if (source.failure !== undefined) return asSlipwayError(source.failure);
  if (signal?.aborted) return cancelled(signal);
  const failure = fromWireError(error);
  // Nobody here cancelled: the server's end of the connection went away under the call.
  const cutOff = failure.code === "Cancelled" && error.metadata.get(DETAILS_KEY).length === 0;
  return cutOff
    ? new SlipwayError("ServerUnavailable", "The server cut the call off: try again.", { cause: error })
    : failure;
};

const cancelled = (signal: AbortSignal): SlipwayError =>
  new SlipwayError("Cancelled", "The call was cancelled.", { cause: signal.reason });
