import { type Clock, deferred, isSlipwayError, SlipwayError, systemClock } from "@slipway/kernel";
import type { Verdict } from "./append-group.ts";
import type { AppendResult } from "./port.ts";
import type { PreparedBatch } from "./prepare.ts";

/** Commits a group in one transaction and answers one verdict a batch; throws when the whole group failed. */
export type SendGroup = (group: readonly PreparedBatch[], deadline: number) => Promise<readonly Verdict[]>;

export interface BatcherOptions {
  readonly send: SendGroup;
  /** How long an append may wait for an unreachable log, counted from its call. Default 10 s. */
  readonly patienceMs?: number;
  /** Of one group. Defaults 1,000 events and 8 MiB: more only adds latency. */
  readonly maxGroupEvents?: number;
  readonly maxGroupBytes?: number;
  /** Of everything that waits; above it an append is refused with `LogUnavailable`. Default 256 MiB. */
  readonly maxWaitingBytes?: number;
  readonly clock?: Clock;
}

interface Waiting {
  readonly batch: PreparedBatch;
  readonly deadline: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Bytes that an event costs beside its JSON. */
const EVENT_OVERHEAD_BYTES = 200;

/** Below so many events a second group on its way costs more (its own flush to disk) than it brings. */
const SECOND_GROUP_EVENTS = 256;

/**
 * Group commit: while one group is on its way, the appends of all callers gather; together they are the next group. So
 * a lone caller waits for nobody, and a thousand callers share one commit. First come, first served.
 *
 * Under heavy load there are two groups on their way, half of the callers in each: one is being committed while the
 * answers of the other are handed out and its callers come back. With 600 and 900 callers on two shared cores that was
 * worth about a seventh; groups of 64 lost.
 */
export class Batcher {
  readonly #options: Required<BatcherOptions>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #waitingEvents = 0;
  #groupsOut = 0;
  #turnComes = false;
  readonly #idle = deferred();
  #closed = false;

  constructor(options: BatcherOptions) {
    this.#options = {
      patienceMs: 10_000,
      maxGroupEvents: 1_000,
      maxGroupBytes: 8 * 1024 * 1024,
      maxWaitingBytes: 256 * 1024 * 1024,
      clock: systemClock,
      ...options,
    };
  }

  append(batch: PreparedBatch, signal?: AbortSignal): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#closed) return reject(new SlipwayError("Cancelled", "The log is closed."));
      if (this.#waitingBytes + weight(batch) > this.#options.maxWaitingBytes) return reject(overloaded());
      const onAbort = () => {
        this.#forget(waiting);
        reject(signal?.reason);
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener("abort", onAbort);
          settle(value);
        };
      const deadline = this.#options.clock.now() + this.#options.patienceMs;
      const waiting: Waiting = { batch, deadline, resolve: settled(resolve), reject: settled(reject) };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#count(batch, 1);
      this.#sendSoon();
    });
  }

  /** Refuses new appends and waits until those accepted have their answers. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#waiting.length > 0 || this.#groupsOut > 0) await this.#idle.promise;
  }

  /** After one turn of the event loop, so that all callers that an answer woke can join. */
  #sendSoon(): void {
    if (this.#turnComes) return;
    this.#turnComes = true;
    setImmediate(() => {
      this.#turnComes = false;
      this.#send();
    });
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#mayGo()) {
      const share = this.#groupsOut > 0 ? this.#waitingEvents : Math.ceil(this.#waitingEvents / 2);
      const group = this.#takeGroup(Math.min(this.#options.maxGroupEvents, Math.max(SECOND_GROUP_EVENTS, share)));
      this.#groupsOut++;
      void this.#commit(group).then(() => {
        this.#groupsOut--;
        if (this.#waiting.length > 0) this.#sendSoon();
        else if (this.#groupsOut === 0) this.#idle.resolve();
      });
    }
  }

  #mayGo(): boolean {
    return this.#groupsOut === 0 || (this.#groupsOut === 1 && this.#waitingEvents >= SECOND_GROUP_EVENTS);
  }

  /** The longest run from the head of the queue within the limits; at least one. No id stands in it twice. */
  #takeGroup(maxEvents: number): readonly Waiting[] {
    const ids = new Set<string>();
    let events = 0;
    let bytes = 0;
    let length = 0;
    for (const { batch } of this.#waiting) {
      events += batch.eventCount;
      bytes += weight(batch);
      if (length > 0 && (events > maxEvents || bytes > this.#options.maxGroupBytes)) break;
      // The repetition of an append that is in this group has to wait and find it in the log.
      if (batch.streams.some((stream) => stream.events.some(({ id }) => ids.has(id)))) break;
      for (const stream of batch.streams) for (const { id } of stream.events) ids.add(id);
      length++;
    }
    const group = this.#waiting.splice(0, length);
    for (const { batch } of group) this.#count(batch, -1);
    return group;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const deadline = Math.max(...group.map((waiting) => waiting.deadline));
    try {
      const verdicts = await this.#options.send(
        group.map(({ batch }) => batch),
        deadline,
      );
      group.forEach(({ resolve, reject }, index) => {
        const verdict = verdicts[index];
        if (verdict === undefined || verdict instanceof Error) reject(verdict);
        else resolve(verdict);
      });
    } catch (error) {
      // Whatever a batch holds that nobody foresaw must not hurt its neighbours: alone, each gets its own answer.
      if (group.length > 1 && isSlipwayError(error, "Internal")) {
        for (const waiting of group) await this.#commit([waiting]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  #forget(waiting: Waiting): void {
    const index = this.#waiting.indexOf(waiting);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    this.#count(waiting.batch, -1);
    if (this.#waiting.length === 0 && this.#groupsOut === 0) this.#idle.resolve();
  }

  #count(batch: PreparedBatch, sign: 1 | -1): void {
    this.#waitingBytes += sign * weight(batch);
    this.#waitingEvents += sign * batch.eventCount;
  }
}

const weight = (batch: PreparedBatch): number => batch.bytes + batch.eventCount * EVENT_OVERHEAD_BYTES;

const overloaded = (): SlipwayError =>
  new SlipwayError("LogUnavailable", "Too many appends are waiting for the log: slow down and try again in a moment.", {
    retryAfterMs: 1_000,
  });
