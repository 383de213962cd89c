/**
 * An event as every package passes it around. `data` is proto3 JSON of the message in
 * `proto/slipway/v1/events.proto` that carries the name `type`.
 */
export interface NewEvent {
  /** UUID. A repeated append of the same id is answered from the log, not stored twice. */
  readonly id: string;
  /** Past tense, in the field's words: `PodScheduled`. */
  readonly type: string;
  readonly data: unknown;
}

/** Who caused an event. */
export interface ActorMeta {
  /** `user:owner`, `service:scheduler`, `node:node-1`. */
  readonly actor: string;
  /** Where the call came from: an IP address and port, or absent for a service's own decision. */
  readonly source?: string;
}

/** What the log keeps beside an event: who, which story, caused by what. */
export interface EventMeta extends ActorMeta {
  /** One id for everything that follows from one wish: from a push to its running pods. */
  readonly correlation?: string;
  /** The id of the event that made the writer decide. */
  readonly causation?: string;
  /** W3C trace context of the call. */
  readonly traceparent?: string;
}

/** An event with its place in the log. */
export interface StoredEvent extends NewEvent {
  /** Gapless, from 1, in commit order. */
  readonly position: number;
  readonly stream: string;
  /** 1, 2, 3… within the stream. */
  readonly version: number;
  readonly meta: EventMeta;
  /** RFC 3339 with milliseconds, UTC: the log's own clock. */
  readonly recordedAt: string;
}
