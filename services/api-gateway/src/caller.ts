import { deterministicUuid, type EventMeta, type Random, SlipwayError, seededRandom } from "@slipway/kernel";
import type { CallContext } from "@slipway/rpc";

/** Under this name a client repeats a call safely: the same id never takes effect twice. */
export const REPEAT_KEY = "x-slipway-request-id";

/** Who wants something, and what everything that this call makes is named by. */
export interface Caller {
  /** What the log keeps of the caller. */
  readonly meta: EventMeta;
  /** The call carries a key, so it may be the repetition of one that took effect. */
  readonly mayBeRepeated: boolean;
  /** The id of the call's event with this index. */
  eventId(index: number): string;
  /** For the identities of the objects that the call makes, in the order in which they are asked for. */
  readonly newId: () => string;
  readonly random: Random;
}

export interface IdSources {
  readonly newId: () => string;
  readonly random: Random;
}

/**
 * Reads the caller of a call. All ids and random numbers of a call that carries a key are made of the key, so that its
 * repetition names the same events and the same objects, and the log knows it.
 */
export const callerOf = (call: CallContext, { newId, random }: IdSources): Caller => {
  const key = call.metadata.get(REPEAT_KEY);
  if (key !== undefined && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new SlipwayError("Invalid", `${REPEAT_KEY}: must be 1 to 128 visible characters: a UUID will do.`, {
      problems: [{ path: REPEAT_KEY, message: "must be 1 to 128 visible characters" }],
    });
  }
  const traceparent = call.metadata.get("traceparent");
  const meta: EventMeta = {
    actor: call.principal.actor,
    source: call.peer,
    correlation: key ?? call.requestId,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  if (key === undefined) return { meta, mayBeRepeated: false, eventId: newId, newId, random };
  const root = `${call.principal.actor}|${call.method}|${key}`;
  let identities = 0;
  return {
    meta,
    mayBeRepeated: true,
    eventId: (index) => deterministicUuid(`${root}|event|${index}`),
    newId: () => deterministicUuid(`${root}|object|${identities++}`),
    random: seededRandom(Number.parseInt(deterministicUuid(root).slice(0, 8), 16)),
  };
};
