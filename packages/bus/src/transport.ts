import type { Clock, Random } from "@slipway/kernel";
import type { StreamNotes, StreamSpec } from "./topology.ts";

/*
 * What the bus needs of a messaging system: streams with sequences, a work queue, and messages that may be lost.
 * Everything above (events, feeds, reports, logs, requests) is written once on this port; JetStream and memory
 * carry it.
 */

/** A message of a stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly sequence: number;
  /** Messages of the same selection that were in the stream behind this one when it was sent. */
  readonly pending: number;
  text(): string;
  /** `""` when absent. */
  header(name: string): string;
}

/** A stream as it stands. */
export interface StreamState {
  /** Told apart from a later stream of the same name. */
  readonly identity: string;
  /** The oldest sequence kept; `lastSequence` + 1 when nothing is kept. */
  readonly firstSequence: number;
  /** The newest sequence ever given, 0 for a new stream. */
  readonly lastSequence: number;
  readonly notes: StreamNotes;
}

/** Where reading begins. */
export type ReadStart =
  | { readonly from: "sequence"; readonly sequence: number }
  | { readonly from: "time"; readonly atMs: number }
  | { readonly from: "last-per-subject" };

export interface ReadOptions {
  readonly stream: string;
  readonly subject: string;
  /** Asked each time that reading (re)starts, so that the reader goes on from its own place. */
  readonly begin: (state: StreamState) => ReadStart;
  /** Leaves out the bodies. */
  readonly headersOnly?: boolean;
  readonly signal: AbortSignal;
}

export type ReadStep =
  /** Reading (re)started; `pending` messages of the selection are already there. */
  | { readonly type: "opened"; readonly state: StreamState; readonly pending: number }
  | { readonly type: "messages"; readonly messages: readonly StreamMessage[] };

export interface PublishOptions {
  /** The same id within the stream's memory of ids is stored once. */
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Published {
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** What became of an event that was published at its place: `misplaced` = that place was already taken, or not yet due. */
export type PlaceOutcome = "stored" | "duplicate" | "misplaced";

/** A message of the work queue. */
export interface WorkMessage {
  readonly subject: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
  /** As given to `publish`; `""` when absent. */
  readonly id: string;
  text(): string;
}

/** What to do with a message of the work queue: it is done, comes back later, or never again. */
export type WorkVerdict =
  | { readonly type: "done" }
  | { readonly type: "again"; readonly delayMs: number }
  | { readonly type: "drop"; readonly reason: string };

/** A message that is kept nowhere. */
export interface PlainMessage {
  readonly subject: string;
  readonly replyTo: string;
  /** The system's own word that nobody listens on the subject that was asked. */
  readonly noResponders: boolean;
  text(): string;
}

export interface Transport {
  readonly clock: Clock;
  readonly random: Random;
  /** Bytes that one message may hold. */
  maxMessageBytes(): number;
  /** Resolves once the stream holds the message. `BusUnavailable` when that is not sure. */
  publish(subject: string, text: string, options?: PublishOptions): Promise<Published>;
  /** Publishes to a stream at one place: only as its next message after `afterSequence`. Calls may overlap; they are sent in order. */
  place(
    subject: string,
    text: string,
    options: {
      readonly id: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly afterSequence: number;
    },
  ): Promise<PlaceOutcome>;
  /** `undefined` when there is no such stream. */
  streamState(stream: string): Promise<StreamState | undefined>;
  /** The id of the message at a sequence, `undefined` when it is not kept. */
  messageId(stream: string, sequence: number): Promise<string | undefined>;
  /** Makes the stream with these notes, or updates its settings and keeps its notes. */
  ensureStream(spec: StreamSpec, options: { notes: StreamNotes; create: boolean; replicas: number }): Promise<void>;
  setNotes(stream: string, notes: StreamNotes): Promise<void>;
  /** Takes out one message; nothing happens when it is gone. */
  deleteMessage(stream: string, sequence: number): Promise<void>;
  /**
   * Reads on for ever, each time in order; starts again by itself when the connection, the server or the stream is
   * lost, and waits for a stream that is missing. Ends quietly with the signal. May repeat messages.
   */
  read(options: ReadOptions): AsyncGenerator<ReadStep, void, undefined>;
  /** Hands out the messages of a work queue, shared by all workers; resolves when the signal aborts and the work in hand is done. */
  work(stream: string, handle: (message: WorkMessage) => Promise<WorkVerdict>, signal: AbortSignal): Promise<void>;
  send(subject: string, text: string, replyTo?: string): void;
  /** Until the signal aborts. */
  subscribe(subject: string, handle: (message: PlainMessage) => void, signal: AbortSignal): void;
  connected(): boolean;
  /** Resolves at once when connected. */
  whenConnected(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
