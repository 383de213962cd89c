import { ERROR_CODES, type ErrorCode, type FieldProblem, isSlipwayError, SlipwayError } from "@slipway/kernel";
import { subjectOf } from "./subject.ts";

/*
 * A call to a node:
 *
 *   caller  request  slipway.request.<node>.<verb>     { call, data }
 *   node    answer   slipway.answer.<node>.<call>      accepted, item…, then end or error; alive in between
 *   caller  word     slipway.call.<node>.<call>        { received } now and then, { cancel } at an early end
 *
 * Answers are numbered from 1, so that a lost one is noticed. Either side gives up when the other is silent. All
 * subjects hold the node's name, so that a node's permissions can be told from them alone.
 */

export const requestSubject = (node: string, verb: string): string => subjectOf("slipway.request", [node, verb]);
export const answerSubject = (node: string, call: string): string => subjectOf("slipway.answer", [node, call]);
export const wordSubject = (node: string, call: string): string => subjectOf("slipway.call", [node, call]);

/** How often each side says that it is there. */
export const ALIVE_EVERY_MS = 5_000;
/** Silence after which the other side counts as gone. */
export const SILENCE_MS = 15_000;
/** Answers that may be under way without the caller's word that it took them. */
export const WINDOW = 256;

export interface Request {
  readonly call: string;
  readonly data: unknown;
}

export type Answer =
  | { readonly type: "alive" }
  | { readonly type: "item"; readonly number: number; readonly item: unknown }
  | { readonly type: "end"; readonly number: number }
  | { readonly type: "error"; readonly number: number; readonly error: WireError };

export type Word = { readonly type: "received"; readonly number: number } | { readonly type: "cancel" };

/** A `SlipwayError` as it travels. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly FieldProblem[];
  readonly retryAfterMs?: number;
}

/** Any error for the wire; one that is not ours tells its message only. */
export const toWireError = (error: unknown): WireError => {
  if (!isSlipwayError(error)) {
    return { code: "Internal", message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message, fields, problems, retryAfterMs } = error;
  return { code, message, fields, problems, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

/** The error that the other side threw; a code that this side does not know becomes `Internal`. */
export const fromWireError = (wire: WireError): SlipwayError => {
  const { message, fields = {}, problems = [], retryAfterMs } = wire;
  const code = wire.code in ERROR_CODES ? wire.code : "Internal";
  return new SlipwayError(code, message, {
    fields,
    problems,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

/** Calls `tick` every `everyMs` until the signal aborts. */
export const repeat = (
  clock: { schedule(delayMs: number, run: () => void): { cancel(): void } },
  everyMs: number,
  signal: AbortSignal,
  tick: () => void,
): void => {
  if (signal.aborted) return;
  const next = () => {
    tick();
    if (!signal.aborted) timer = clock.schedule(everyMs, next);
  };
  let timer = clock.schedule(everyMs, next);
  signal.addEventListener("abort", () => timer.cancel(), { once: true });
};
