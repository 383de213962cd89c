import { isSlipwayError, parseStream, SlipwayError, type StoredEvent } from "@slipway/kernel";
import type { LogReader } from "./log-reader.ts";
import { pause } from "./pause.ts";
import { eventFilter } from "./subject.ts";
import { TOPOLOGY } from "./topology.ts";
import type { ReadStep, StreamMessage, Transport } from "./transport.ts";

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Where events come from that the bus no longer, or not yet again, holds. */
  readonly log?: LogReader;
  /** Only this project's events; `""` for those of cluster-scoped objects. */
  readonly project?: string;
  readonly kinds?: readonly string[];
  readonly types?: readonly string[];
}

export interface Events {
  /**
   * Live events from position `from` on (inclusive), in order, each once, in batches. Goes on by itself after any
   * loss of connection, server or stream; ends quietly with the signal. Throws `UnknownPosition` when the bus no longer
   * holds an event that is wanted and no log is given.
   */
  follow(from: number, options: FollowOptions): AsyncIterable<readonly StoredEvent[]>;
  /** The last position that the bus carries; 0 when it carries none. */
  lastPosition(): Promise<number>;
}

interface Selection {
  readonly subject: string;
  /** Nothing is filtered out, so that positions must follow each other without a hole. */
  readonly everything: boolean;
  readonly matches: (event: StoredEvent) => boolean;
}

const only = (values: readonly string[] | undefined): string | undefined =>
  values?.length === 1 ? values[0] : undefined;

const selectionOf = ({ project, kinds, types }: FollowOptions): Selection => ({
  // A consumer of nats-server 2.9 has one filter: what it cannot say is sorted out here.
  subject: eventFilter(project, only(kinds), only(types)),
  everything: project === undefined && kinds === undefined && types === undefined,
  matches: (event) => {
    if (types !== undefined && !types.includes(event.type)) return false;
    if (project === undefined && kinds === undefined) return true;
    const stream = parseStream(event.stream);
    return (
      stream !== undefined &&
      (project === undefined || stream.project === project) &&
      (kinds === undefined || kinds.includes(stream.kind))
    );
  },
});

export const makeEvents = (transport: Transport): Events => ({
  follow: (from, options) => new Follower(transport, from, options).run(),
  lastPosition: async () => {
    const state = await transport.streamState(TOPOLOGY.events.name);
    return state === undefined ? 0 : state.lastSequence + (state.notes.offset ?? 0);
  },
});

/** What a step of reading makes the follower do next. */
type Advance = "go-on" | "open-again";

/** One `follow`: a cursor on positions, moved by the stream's messages and, over gaps, by the log. */
class Follower {
  readonly #transport: Transport;
  readonly #options: FollowOptions;
  readonly #selection: Selection;
  /** The next position wanted. */
  #next: number;
  #offset = 0;
  /** Where the last unexplained hole was found: a second look at the same place means that the events are gone. */
  #holeAt = 0;

  constructor(transport: Transport, from: number, options: FollowOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#selection = selectionOf(options);
    this.#next = Math.max(1, from);
  }

  async *run(): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    const { signal } = this.#options;
    for (let failures = 0; !signal.aborted; failures++) {
      if (failures > 0) await pause(this.#transport, failures, signal);
      const steps = this.#transport.read({
        stream: TOPOLOGY.events.name,
        subject: this.#selection.subject,
        begin: (state) => {
          this.#offset = state.notes.offset ?? 0;
          return { from: "sequence", sequence: Math.max(1, this.#next - this.#offset) };
        },
        signal,
      });
      let openAgain = false;
      for await (const step of steps) {
        const before = this.#next;
        openAgain = (yield* this.#take(step)) === "open-again";
        if (this.#next > before) failures = 0;
        if (openAgain) break;
      }
      // Reading ends by itself only with the signal, or with the connection when the bus is closed.
      if (!openAgain) return;
    }
  }

  async *#take(step: ReadStep): AsyncGenerator<readonly StoredEvent[], Advance, undefined> {
    if (step.type === "opened") {
      const firstKept = step.state.firstSequence + this.#offset;
      if (this.#next < firstKept) yield* this.#fill(firstKept - 1);
      return "go-on";
    }
    let batch: StoredEvent[] = [];
    for (const message of step.messages) {
      const event = readEvent(message);
      // The stream was replaced by one with another offset after reading began: its start was chosen wrongly.
      if (event.position !== message.sequence + this.#offset) {
        if (batch.length > 0) yield batch;
        return "open-again";
      }
      if (event.position < this.#next) continue;
      if (this.#selection.everything && event.position > this.#next) {
        if (batch.length > 0) yield batch;
        batch = [];
        if (this.#options.log === undefined && this.#holeAt !== this.#next) {
          this.#holeAt = this.#next;
          return "open-again";
        }
        yield* this.#fill(event.position - 1);
      }
      this.#next = event.position + 1;
      if (this.#selection.matches(event)) batch.push(event);
    }
    if (batch.length > 0) yield batch;
    return "go-on";
  }

  /** Events up to position `to` from the log; waits through the log's absences. */
  async *#fill(to: number): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    const { log, signal, types } = this.#options;
    if (log === undefined) {
      throw new SlipwayError(
        "UnknownPosition",
        `Position ${this.#next} is no longer on the bus, which begins at ${to + 1}: begin there, or read the log.`,
        { fields: { position: this.#next, first: to + 1 } },
      );
    }
    for (let failures = 0; this.#next <= to && !signal.aborted; ) {
      try {
        // The bus carries only what the log holds; a log that answers less is not yet itself again.
        if ((await log.head(signal)) < to) {
          failures++;
          await pause(this.#transport, failures, signal);
          continue;
        }
        for await (const events of log.read(this.#next, { to, signal, ...(types === undefined ? {} : { types }) })) {
          const fresh = events.filter((event) => event.position >= this.#next && event.position <= to);
          const last = fresh.at(-1);
          if (last === undefined) continue;
          this.#next = last.position + 1;
          const batch = fresh.filter(this.#selection.matches);
          if (batch.length > 0) yield batch;
          failures = 0;
        }
        this.#next = Math.max(this.#next, to + 1);
      } catch (error) {
        if (signal.aborted) return;
        if (!isSlipwayError(error) || error.class !== "Transient") throw error;
        failures++;
        await pause(this.#transport, failures, signal, error.retryAfterMs);
      }
    }
  }
}

/** A message of EVENTS holds the whole stored event as JSON; the relay is its only writer. */
const readEvent = (message: StreamMessage): StoredEvent => JSON.parse(message.text()) as StoredEvent;
