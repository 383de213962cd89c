import { type EventMeta, type NewEvent, SlipwayError } from "@slipway/kernel";
import type { ExpectedVersion, StreamAppend } from "./port.ts";

/** One event may carry so much JSON; larger things belong into a registry or an object store. */
export const MAX_EVENT_BYTES = 256 * 1024;
/** One batch may hold so many events and so much JSON: it is one transaction that all other writers wait for. */
export const MAX_BATCH_EVENTS = 20_000;
const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** A batch that passed every check that needs no look at the log, with its JSON made. */
export interface PreparedBatch {
  readonly streams: readonly PreparedStream[];
  readonly meta: string;
  readonly eventCount: number;
  /** Of all JSON together: what the batch weighs on the wire. */
  readonly bytes: number;
}

interface PreparedStream {
  readonly stream: string;
  /** -1 waives the check. */
  readonly expected: number;
  readonly events: readonly PreparedEvent[];
}

interface PreparedEvent {
  /** Lower case. */
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/**
 * Checks a batch and makes its JSON. Refusals: `EmptyBatch`, `Invalid`, `InvalidExpectedVersion`, `UnknownEventType`,
 * `EventTooLarge`, `TooLarge`, `DuplicateEventId`.
 */
export const prepareBatch = (
  batch: readonly StreamAppend[],
  meta: EventMeta,
  knownTypes: ReadonlySet<string>,
): PreparedBatch => {
  if (batch.length === 0) throw new SlipwayError("EmptyBatch", "An append needs at least one event.");
  const metaJson = prepareMeta(meta);
  const seen = { streams: new Set<string>(), ids: new Set<string>() };
  let bytes = 0;
  const streams = batch.map(({ stream, expected, events }): PreparedStream => {
    checkStream(stream, seen.streams);
    if (events.length === 0) {
      throw new SlipwayError("EmptyBatch", `The append to stream ${stream} has no event: leave the stream out.`, {
        fields: { stream },
      });
    }
    return {
      stream,
      expected: checkExpected(stream, expected),
      events: events.map((event) => {
        const data = prepareData(event, knownTypes);
        bytes += data.length + metaJson.length;
        return { id: checkId(event.id, seen.ids), type: event.type, data };
      }),
    };
  });
  const eventCount = seen.ids.size;
  if (eventCount > MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES) {
    throw new SlipwayError(
      "TooLarge",
      `A batch of ${eventCount} events and ${bytes} bytes is over the limit of ${MAX_BATCH_EVENTS} events and ${MAX_BATCH_BYTES} bytes: split it.`,
      { fields: { events: eventCount, bytes } },
    );
  }
  return { streams, meta: metaJson, eventCount, bytes };
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Kind, project, name: no spaces, no control characters, no slash within a part, ASCII only. */
const STREAM = /^[a-z][a-z0-9-]{0,62}\/(_|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)\/[!-.0-~]{1,253}$/;

const checkStream = (stream: string, seen: Set<string>): void => {
  if (typeof stream !== "string" || !STREAM.test(stream)) {
    throw invalid(`"${String(stream)}" is no name of a stream: it must be <kind>/<project>/<name>.`, { stream });
  }
  if (seen.has(stream)) throw invalid(`Stream ${stream} stands in the batch twice: join its events.`, { stream });
  seen.add(stream);
};

const checkExpected = (stream: string, expected: ExpectedVersion): number => {
  if (expected === "any") return -1;
  if (Number.isInteger(expected) && expected >= 0 && expected <= 2_147_483_647) return expected;
  throw new SlipwayError(
    "InvalidExpectedVersion",
    `${String(expected)} is no version that stream ${stream} could have: give a whole number from 0 on, or "any".`,
    { fields: { stream, expected } },
  );
};

const checkId = (given: string, seen: Set<string>): string => {
  const id = String(given).toLowerCase();
  if (!UUID.test(id)) throw invalid(`"${given}" is no event id: it must be a UUID.`, { id: given });
  if (seen.has(id)) {
    throw new SlipwayError("DuplicateEventId", `Event id ${id} stands in the batch twice: give each event its own.`, {
      fields: { id },
    });
  }
  seen.add(id);
  return id;
};

const prepareData = ({ type, data }: NewEvent, knownTypes: ReadonlySet<string>): string => {
  if (!knownTypes.has(type)) {
    throw new SlipwayError("UnknownEventType", `"${type}" is no event type of this version of Slipway.`, {
      fields: { type },
    });
  }
  const json = storableJson(data, `The data of ${type}`);
  // A UTF-8 byte count only where the cheaper bound does not settle it: a UTF-16 unit takes at most three bytes.
  const bytes = json.length * 3 > MAX_EVENT_BYTES ? Buffer.byteLength(json) : json.length;
  if (bytes > MAX_EVENT_BYTES) {
    throw new SlipwayError(
      "EventTooLarge",
      `An event ${type} of ${bytes} bytes is over the limit of ${MAX_EVENT_BYTES} bytes: keep large content outside the log.`,
      { fields: { type, bytes, limitBytes: MAX_EVENT_BYTES } },
    );
  }
  return json;
};

const prepareMeta = (meta: EventMeta): string => {
  if (typeof meta.actor !== "string" || meta.actor === "")
    throw invalid("An append must say who acts: meta.actor is empty.");
  return storableJson(meta, "The metadata");
};

/** JSON that a `jsonb` column takes and gives back unchanged. */
const storableJson = (value: unknown, what: string): string => {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw invalid(`${what} cannot be written as JSON: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  if (json === undefined) throw invalid(`${what} is missing.`);
  if (UNSTORABLE.test(json)) {
    throw invalid(
      `${what} holds a character that the log cannot keep (U+0000 or half of a surrogate pair): remove it.`,
    );
  }
  return json;
};

/** An odd number of backslashes before `u0000` or `ud800` to `udfff`; JSON.stringify escapes surrogates only when unpaired. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

const invalid = (message: string, fields: Record<string, unknown> = {}): SlipwayError =>
  new SlipwayError("Invalid", message, { fields });
