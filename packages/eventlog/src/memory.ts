import { type Clock, type EventMeta, linkedSignal, SlipwayError, type StoredEvent, systemClock } from "@slipway/kernel";
import { follow } from "./follow.ts";
import { MemoryStore } from "./memory-store.ts";
import type { AppendResult, EventLog, ReadOptions, ReadStreamOptions, StreamAppend } from "./port.ts";
import { prepareBatch } from "./prepare.ts";
import { checkFrom, type ReadPage, readAll } from "./read-all.ts";

export interface MemoryEventLogOptions {
  readonly knownTypes: ReadonlySet<string>;
  /** Shared by the logs of several services; each has its own by default. */
  readonly store?: MemoryStore;
  readonly upcast?: (event: StoredEvent) => StoredEvent;
  readonly clock?: Clock;
  /** Called before each operation reaches the store: waits to delay it, throws to fail it. */
  readonly before?: (operation: "append" | "read") => void | Promise<void>;
  /** Called after an append took effect and before its caller hears of it: throws to lose the answer. */
  readonly afterAppend?: () => void | Promise<void>;
}

/** A log that lives and dies with the process: for tests and the simulation. It keeps the same contract as Postgres. */
export class MemoryEventLog implements EventLog {
  readonly #options: MemoryEventLogOptions;
  readonly #clock: Clock;
  readonly #store: MemoryStore;
  readonly #closed = new AbortController();

  constructor(options: MemoryEventLogOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#store = options.store ?? new MemoryStore(this.#clock);
  }

  async append(batch: readonly StreamAppend[], meta: EventMeta, signal?: AbortSignal): Promise<AppendResult> {
    const prepared = prepareBatch(batch, meta, this.#options.knownTypes);
    await this.#reach("append", signal);
    const result = this.#store.append(prepared);
    await this.#options.afterAppend?.();
    this.#store.nudges.reached(result.position);
    return result;
  }

  read(from: number, options: ReadOptions = {}): AsyncIterable<readonly StoredEvent[]> {
    return readAll(from, options, (signal) => this.head(signal), this.#page);
  }

  async readStream(
    stream: string,
    { fromVersion = 1, signal }: ReadStreamOptions = {},
  ): Promise<readonly StoredEvent[]> {
    await this.#reach("read", signal);
    return this.#upcast(this.#store.stream(stream, fromVersion));
  }

  async head(signal?: AbortSignal): Promise<number> {
    await this.#reach("read", signal);
    return this.#store.head;
  }

  async *follow(from: number, signal: AbortSignal): AsyncGenerator<readonly StoredEvent[]> {
    checkFrom(from);
    const ended = linkedSignal(signal, this.#closed.signal);
    try {
      yield* follow({
        from,
        signal: ended.signal,
        page: (next) => this.#page(next, Number.MAX_SAFE_INTEGER, 1_000, {}),
        nudges: this.#store.nudges,
        pollMs: 2_000,
        clock: this.#clock,
      });
    } finally {
      ended.abort();
    }
  }

  onAppended(listener: () => void): () => void {
    return this.#store.nudges.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#closed.abort(new SlipwayError("Cancelled", "The log is closed."));
  }

  readonly #page: ReadPage = async (from, to, limit, options) => {
    await this.#reach("read");
    return this.#upcast(this.#store.page(from, to, limit, options));
  };

  #upcast(events: readonly StoredEvent[]): readonly StoredEvent[] {
    return this.#options.upcast === undefined ? events : events.map(this.#options.upcast);
  }

  async #reach(operation: "append" | "read", signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.#options.before?.(operation);
    signal?.throwIfAborted();
    this.#closed.signal.throwIfAborted();
  }
}
