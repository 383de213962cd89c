import {
  type Clock,
  type EventMeta,
  linkedSignal,
  raceSignal,
  SlipwayError,
  type StoredEvent,
  systemClock,
} from "@slipway/kernel";
import { Batcher } from "./batcher.ts";
import { follow } from "./follow.ts";
import { GroupWriter } from "./group-writer.ts";
import { HeadSignal } from "./head-signal.ts";
import { listenForAppends } from "./listener.ts";
import { PageReader } from "./page-reader.ts";
import type { AppendResult, EventLog, ReadOptions, ReadStreamOptions, Snapshots, StreamAppend } from "./port.ts";
import { prepareBatch } from "./prepare.ts";
import { checkFrom, type ReadPage, readAll } from "./read-all.ts";
import type { SessionOptions } from "./session.ts";
import { PostgresSnapshots } from "./snapshots.ts";

export interface PostgresEventLogOptions extends SessionOptions {
  /** The event types that this version may append. */
  readonly knownTypes: ReadonlySet<string>;
  /** Turns an event of an older shape into today's, on every read. */
  readonly upcast?: (event: StoredEvent) => StoredEvent;
  /** How long an append may wait for an unreachable log before it fails. Default 10 s. */
  readonly patienceMs?: number;
  /** The longest time a follower goes without looking. Default 2 s. */
  readonly pollMs?: number;
  readonly clock?: Clock;
}

/** Rows in one step of a follower. */
const FOLLOW_PAGE_EVENTS = 1_000;

/**
 * The log in Postgres, as the role `slipway_service`. It connects when first used, and again whenever Postgres comes
 * back; until then reads fail with `LogUnavailable`, appends after their patience, and followers wait.
 * Connections: one to append, one to listen (only with a follower or listener), up to four to read.
 */
export class PostgresEventLog implements EventLog {
  readonly snapshots: Snapshots;
  readonly #options: PostgresEventLogOptions;
  readonly #clock: Clock;
  readonly #writer: GroupWriter;
  readonly #batcher: Batcher;
  readonly #reader: PageReader;
  readonly #nudges = new HeadSignal();
  readonly #closed = new AbortController();
  #listening: Promise<void> | undefined;

  constructor(options: PostgresEventLogOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#writer = new GroupWriter(options, this.#clock);
    this.#batcher = new Batcher({
      send: (group, deadline) => this.#writer.send(group, deadline),
      clock: this.#clock,
      ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
    });
    this.#reader = new PageReader(options);
    this.snapshots = new PostgresSnapshots(this.#reader);
  }

  async append(batch: readonly StreamAppend[], meta: EventMeta, signal?: AbortSignal): Promise<AppendResult> {
    const result = await this.#batcher.append(prepareBatch(batch, meta, this.#options.knownTypes), signal);
    if (!result.duplicate) this.#nudges.reached(result.position);
    return result;
  }

  read(from: number, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    return readAll(from, options, (signal) => this.head(signal), this.#page);
  }

  async readStream(
    stream: string,
    { fromVersion = 1, signal }: ReadStreamOptions = {},
  ): Promise<readonly StoredEvent[]> {
    const events = this.#reader.events({ name: "read_stream", args: [stream, fromVersion] });
    return this.#upcast(await this.#answer(events, signal));
  }

  async head(signal?: AbortSignal): Promise<number> {
    const rows = await this.#answer(this.#reader.rows<{ head: string }>("select slipway.read_head() as head"), signal);
    return Number(rows[0]?.head ?? 0);
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<readonly StoredEvent[]> {
    checkFrom(from);
    this.#listen();
    const ended = linkedSignal(signal, this.#closed.signal);
    try {
      yield* follow({
        from,
        signal: ended.signal,
        page: (next) => this.#page(next, Number.MAX_SAFE_INTEGER, FOLLOW_PAGE_EVENTS, {}),
        nudges: this.#nudges,
        pollMs: this.#options.pollMs ?? 2_000,
        clock: this.#clock,
      });
    } finally {
      ended.abort();
    }
  }

  onAppended(listener: () => void): () => void {
    this.#listen();
    return this.#nudges.subscribe(listener);
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const answered = this.#batcher.close();
    this.#writer.stopRetrying();
    this.#closed.abort(new SlipwayError("Cancelled", "The log is closed."));
    await answered;
    await Promise.all([this.#writer.close(), this.#reader.close(), this.#listening]);
  }

  readonly #page: ReadPage = async (from, to, limit, { streams, streamPrefix, types }) =>
    this.#upcast(
      await this.#reader.events({ name: "read_events", args: [from, to, limit, streams, streamPrefix, types] }),
    );

  #upcast(events: readonly StoredEvent[]): readonly StoredEvent[] {
    return this.#options.upcast === undefined ? events : events.map(this.#options.upcast);
  }

  #answer<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return signal === undefined ? answer : raceSignal(answer, signal);
  }

  #listen(): void {
    this.#listening ??= listenForAppends(this.#options, this.#nudges, this.#closed.signal, this.#clock);
  }
}
