import type { EventMeta, NewEvent, StoredEvent } from "@slipway/kernel";

/**
 * The version a writer believes a stream to have: that of its last event, 0 when it never had one. `"any"` waives the
 * check; use it only where order among writers does not matter.
 */
export type ExpectedVersion = number | "any";

/** The events that one batch adds to one stream. */
export interface StreamAppend {
  /** `<kind>/<project>/<name>`; the project of a cluster-scoped object is `_`. */
  readonly stream: string;
  readonly expected: ExpectedVersion;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

export interface AppendResult {
  /** Of the batch's last event: wait for it to read your own writes. */
  readonly position: number;
  /** One for each event, in the order given. */
  readonly positions: readonly number[];
  /**
   * All ids had been stored before, so the first result is answered and nothing was added. Also true when the log
   * itself had to repeat a call whose answer was lost.
   */
  readonly duplicate: boolean;
}

/** What a read wants; every bound narrows it further. */
export interface ReadOptions {
  /** Only these streams, by exact name. */
  readonly streams?: readonly string[];
  /** Only streams whose name begins so: `pod/demo/`. */
  readonly streamPrefix?: string;
  /** Only events of these types. */
  readonly types?: readonly string[];
  /** At most so many events in total. */
  readonly limit?: number;
  /** The last position wanted. */
  readonly to?: number;
  /** At most so many events in one step of the iteration. Default 1,000. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
}

export interface ReadStreamOptions {
  /** The first version wanted. Default 1. */
  readonly fromVersion?: number;
  readonly signal?: AbortSignal;
}

/**
 * The one totally ordered log. Positions are gapless from 1 and follow the order of commits; versions are gapless from
 * 1 within a stream. Errors: `VersionConflict` with `{ stream, expected, actual }`, `DuplicateEventId`, the refusals
 * of bad input, and `LogUnavailable` or `LogFull` (both Transient), after which nothing was half-stored.
 */
export interface EventLog {
  /**
   * Adds all events of all streams, or nothing. Repeating a batch with the same event ids answers the first result.
   * An abort frees the caller at once; a batch that is already on its way may still be stored.
   */
  append(batch: readonly StreamAppend[], meta: EventMeta, signal?: AbortSignal): Promise<AppendResult>;
  /** Batches in order of position, beginning at `from` (1 is the first), up to the head as it was at the call. */
  read(from: number, options?: ReadOptions): AsyncIterable<readonly StoredEvent[]>;
  /** All events of one stream, in order of version; empty when the stream does not exist. */
  readStream(stream: string, options?: ReadStreamOptions): Promise<readonly StoredEvent[]>;
  /** The last position; 0 when the log is empty. */
  head(signal?: AbortSignal): Promise<number>;
  /**
   * Every event from `from` on, first the stored ones, then each as it is committed, without a gap or a repetition and
   * across restarts of the store. Ends quietly when the signal aborts or the log is closed.
   */
  follow(from: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
  /** Calls `listener` soon after somebody appended. A hint only: it may come late, twice, or (rarely) never. Returns its end. */
  onAppended(listener: () => void): () => void;
  /** Lets appends on their way finish, ends every follower, frees all connections. */
  close(): Promise<void>;
}

/** A fold's state as of `position`, so that its next start reads only the tail. */
export interface Snapshot {
  readonly position: number;
  readonly data: Uint8Array;
}

/** Where folds keep their snapshots. A snapshot is a cache: losing one costs time only. */
export interface Snapshots {
  /** The newest snapshot with exactly this schema. */
  load(projection: string, schema: number): Promise<Snapshot | undefined>;
  /** Replaces the snapshot of this projection and schema, unless the kept one is newer. */
  save(projection: string, schema: number, position: number, data: Uint8Array): Promise<void>;
}
