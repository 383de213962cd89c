import type { BusLogger } from "./bus-logger.ts";
import { answerRequest } from "./request-answer.ts";
import { callNode } from "./request-call.ts";
import type { Transport } from "./transport.ts";

export interface CallOptions {
  /** Ends the call; the node's handler sees its own signal abort. */
  readonly signal: AbortSignal;
  /** For the whole call. Without it a call lasts as long as both sides are there. */
  readonly timeoutMs?: number;
}

/** Questions to a node with streamed answers: logs, statistics, exec. Nothing is kept. */
export interface Requests {
  /** Answers one verb of one node until the signal aborts. The handler's signal aborts when the caller goes away. */
  serve(
    node: string,
    verb: string,
    handler: (data: unknown, signal: AbortSignal) => AsyncIterable<unknown>,
    signal: AbortSignal,
  ): void;
  /**
   * The answers in order, none missing; the handler is held back while the caller does not take them. Throws
   * `NoResponder` when nobody answers (any more), the handler's own error, `BusUnavailable` when answers were lost,
   * `DeadlineExceeded` after `timeoutMs`. Ends quietly with the signal.
   */
  call(node: string, verb: string, data: unknown, options: CallOptions): AsyncIterable<unknown>;
}

export const makeRequests = (transport: Transport, logger: BusLogger): Requests => ({
  serve: (node, verb, handler, signal) => answerRequest(transport, logger, node, verb, handler, signal),
  call: (node, verb, data, options) => callNode(transport, node, verb, data, options),
});
