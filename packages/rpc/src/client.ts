import type { DescMethod, DescService, Message, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { type Clock, type Random, systemClock, systemRandom } from "@slipway/kernel";
import type { Channel } from "./channel.ts";
import {
  bidiStreamingCall,
  type CallSettings,
  clientStreamingCall,
  serverStreamingCall,
  unaryCall,
} from "./client-call.ts";
import { withRetries } from "./retry.ts";

export interface ClientOptions {
  /** Sent with every call; a function is asked at each one. */
  readonly token?: string | (() => string | undefined);
  /** For calls that answer once. Default 30 s; 0: none. Streams have none unless a call asks for one. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface CallOptions {
  /** Cancels the call, on the server too. */
  readonly signal?: AbortSignal;
  /** The whole call's, retries included. 0: none. */
  readonly timeoutMs?: number;
  /** More text metadata by lowercase name. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** This call may be repeated without harm though its method does not say so: try again when the server is away. */
  readonly idempotent?: boolean;
}

type Sent<Method extends DescMethod> = Method["methodKind"] extends "unary" | "server_streaming"
  ? MessageInitShape<Method["input"]>
  : AsyncIterable<MessageInitShape<Method["input"]>> | Iterable<MessageInitShape<Method["input"]>>;

type Answered<Method extends DescMethod> = Method["methodKind"] extends "unary" | "client_streaming"
  ? Promise<MessageShape<Method["output"]>>
  : AsyncIterable<MessageShape<Method["output"]>>;

/**
 * One function for each method of a service, the mirror of `ServiceImpl`. All reject with `SlipwayError`: the server's
 * own one again, or `ServerUnavailable`, `DeadlineExceeded` or `Cancelled`. A stream's call begins when its first
 * answer is asked for, and leaving the loop cancels it.
 */
export type ServiceClient<Desc extends DescService> = {
  [Name in keyof Desc["method"]]: Desc["method"][Name] extends DescMethod
    ? (request: Sent<Desc["method"][Name]>, options?: CallOptions) => Answered<Desc["method"][Name]>
    : never;
};

const DEFAULT_TIMEOUT_MS = 30_000;

/** A client of one service over a channel. Calls that only read are tried again a few times when the server is away. */
export const createClient = <Desc extends DescService>(
  desc: Desc,
  channel: Channel,
  options: ClientOptions = {},
): ServiceClient<Desc> => {
  const methods = desc.methods.map((method) => [method.localName, clientMethod(method, channel, options)]);
  // Each function was made from the descriptor that its type is mapped from.
  return Object.fromEntries(methods) as ServiceClient<Desc>;
};

type AnyRequests = AsyncIterable<unknown> | Iterable<unknown>;

const clientMethod = (method: DescMethod, channel: Channel, options: ClientOptions) => {
  const { clock = systemClock, random = systemRandom, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const settings = (call: CallOptions, defaultTimeoutMs: number): CallSettings => {
    const callTimeoutMs = call.timeoutMs ?? defaultTimeoutMs;
    const token = typeof options.token === "function" ? options.token() : options.token;
    return {
      deadlineMs: callTimeoutMs > 0 ? clock.now() + callTimeoutMs : undefined,
      signal: call.signal,
      metadata: { ...call.metadata, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    };
  };
  switch (method.methodKind) {
    case "unary":
      return (request: unknown, call: CallOptions = {}): Promise<Message> => {
        const repeatable = call.idempotent ?? method.idempotency !== IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
        const once = settings(call, timeoutMs);
        const attempt = () => unaryCall(channel.transport, method, request, once);
        return repeatable ? withRetries(attempt, { ...once, clock, random }) : attempt();
      };
    case "client_streaming":
      return (requests: AnyRequests, call: CallOptions = {}): Promise<Message> =>
        clientStreamingCall(channel.transport, method, requests, settings(call, timeoutMs));
    case "server_streaming":
      return (request: unknown, call: CallOptions = {}): AsyncIterable<Message> =>
        serverStreamingCall(channel.transport, method, request, settings(call, 0));
    case "bidi_streaming":
      return (requests: AnyRequests, call: CallOptions = {}): AsyncIterable<Message> =>
        bidiStreamingCall(channel.transport, method, requests, settings(call, 0));
  }
};
