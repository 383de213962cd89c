/** The one door of the kernel: pure building blocks without dependencies. */
export { abortable, delay, linkedSignal, raceSignal } from "./abort.ts";
export { type BackoffPolicy, backoffDelayMs } from "./backoff.ts";
export { type Clock, systemClock, type Timer } from "./clock.ts";
export type { Decider } from "./decider.ts";
export { type Deferred, deferred } from "./deferred.ts";
export { ERROR_CODES, type ErrorClass, type ErrorCode, errorClassOf } from "./error-codes.ts";
export { asSlipwayError, type FieldProblem, isSlipwayError, SlipwayError } from "./errors.ts";
export type { ActorMeta, EventMeta, NewEvent, StoredEvent } from "./event.ts";
export { deterministicUuid, newId, shortId } from "./ids.ts";
export { type Random, seededRandom, systemRandom } from "./random.ts";
export { parseStream, type StreamName, streamName } from "./stream-name.ts";
