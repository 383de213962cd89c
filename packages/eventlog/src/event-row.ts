import type { EventMeta, StoredEvent } from "@slipway/kernel";
import { type DecodeRow, int64, rowStart } from "./copy-row.ts";

/** 2000-01-01, from which Postgres counts, in milliseconds of the Unix epoch. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

const FIELDS = 8;

/**
 * Decodes rows of `slipway.events`. Appends of one batch share metadata and time, so the last of each is kept: the
 * metadata handed out is shared, and frozen.
 */
export const eventDecoder = (): DecodeRow<StoredEvent> => {
  let metaText = "";
  let meta: EventMeta = { actor: "" };
  let recordedMicros = Number.NaN;
  let recordedAt = "";

  return (chunk) => {
    const first = rowStart(chunk, FIELDS);
    if (first === undefined) return undefined;
    let at = first;
    const take = (): number => {
      const length = chunk.readInt32BE(at);
      const start = at + 4;
      at = start + length;
      return start;
    };
    const position = int64(chunk, take());
    const stream = chunk.toString("utf8", take(), at);
    const version = chunk.readInt32BE(take());
    const id = uuid(chunk.toString("hex", take(), at));
    const type = chunk.toString("utf8", take(), at);
    const data: unknown = JSON.parse(chunk.toString("utf8", take() + 1, at));
    const text = chunk.toString("utf8", take() + 1, at);
    if (text !== metaText) {
      metaText = text;
      meta = Object.freeze(JSON.parse(text));
    }
    const micros = int64(chunk, take());
    if (micros !== recordedMicros) {
      recordedMicros = micros;
      recordedAt = new Date(POSTGRES_EPOCH_MS + Math.floor(micros / 1_000)).toISOString();
    }
    return { id, type, data, position, stream, version, meta, recordedAt };
  };
};

const uuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
