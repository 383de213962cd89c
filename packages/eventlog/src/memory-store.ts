import { type Clock, type StoredEvent, systemClock } from "@slipway/kernel";
import { appendRefused, repeated } from "./append-group.ts";
import { HeadSignal } from "./head-signal.ts";
import type { AppendResult, ReadOptions } from "./port.ts";
import type { PreparedBatch } from "./prepare.ts";

/** What the log keeps: JSON as text, so that nobody who reads can change it. */
interface Row extends Omit<StoredEvent, "data" | "meta"> {
  readonly data: string;
  readonly meta: string;
}

/** What several logs in one process share: the stand-in for Postgres. Every step is synchronous, so nothing comes between. */
export class MemoryStore {
  readonly nudges = new HeadSignal();
  readonly #clock: Clock;
  readonly #rows: Row[] = [];
  readonly #streams = new Map<string, Row[]>();
  readonly #positions = new Map<string, number>();
  #recordedMs = 0;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  get head(): number {
    return this.#rows.length;
  }

  /** Stores all of a batch; throws `VersionConflict` or `DuplicateEventId` and stores nothing. */
  append(batch: PreparedBatch): AppendResult {
    const ids = batch.streams.flatMap(({ events }) => events.map(({ id }) => id));
    const known = ids.filter((id) => this.#positions.has(id)).sort();
    if (known.length === ids.length) return repeated(batch, this.#positions);
    const [id] = known;
    if (id !== undefined) throw appendRefused("SW002", { id, position: this.#positions.get(id) });
    for (const { stream, expected } of batch.streams) {
      const actual = this.#streams.get(stream)?.length ?? 0;
      if (expected >= 0 && expected !== actual) throw appendRefused("SW001", { stream, expected, actual });
    }
    this.#recordedMs = Math.max(this.#recordedMs, this.#clock.now());
    const recordedAt = new Date(this.#recordedMs).toISOString();
    for (const { stream, events } of batch.streams) {
      const rows = this.#streams.get(stream) ?? [];
      this.#streams.set(stream, rows);
      for (const event of events) {
        const place = { position: this.head + 1, stream, version: rows.length + 1 };
        const row: Row = { ...event, ...place, meta: batch.meta, recordedAt };
        rows.push(row);
        this.#rows.push(row);
        this.#positions.set(row.id, row.position);
      }
    }
    return { ...repeated(batch, this.#positions), duplicate: false };
  }

  /** At most `limit` events in [from, to] that match the filters, in order of position. */
  page(from: number, to: number, limit: number, { streams, streamPrefix, types }: ReadOptions): StoredEvent[] {
    const events: StoredEvent[] = [];
    for (let at = from - 1; at < this.#rows.length && at < to && events.length < limit; at++) {
      const row = this.#rows[at];
      if (row === undefined) break;
      if (streams !== undefined && !streams.includes(row.stream)) continue;
      if (streamPrefix !== undefined && !row.stream.startsWith(streamPrefix)) continue;
      if (types !== undefined && !types.includes(row.type)) continue;
      events.push(stored(row));
    }
    return events;
  }

  /** The events of one stream from a version on. */
  stream(stream: string, fromVersion: number): StoredEvent[] {
    return (this.#streams.get(stream) ?? []).slice(Math.max(0, fromVersion - 1)).map(stored);
  }
}

const stored = (row: Row): StoredEvent => ({ ...row, data: JSON.parse(row.data), meta: JSON.parse(row.meta) });
