/** One live object of the read model, as its table hands it out. Replaced by every event, never changed. */
export interface Entry<S> {
  readonly stream: string;
  /** Empty for cluster-scoped kinds. */
  readonly project: string;
  readonly name: string;
  readonly state: S;
  /** The stream's version: what the next append expects. */
  readonly version: number;
  /** Position of the last event. */
  readonly position: number;
  /** Position of the event that brought the object to life. */
  readonly createdAt: number;
}

/** Which object an event concerned, and what it was and became. */
export interface Change {
  /** First part of the stream's name: `pod`, `pod-status`. */
  readonly kind: string;
  readonly project: string;
  readonly name: string;
  /** The event's type. */
  readonly type: string;
  readonly position: number;
  /** The live object before the event; absent when there was none. */
  readonly before: Entry<unknown> | undefined;
  /** The live object after the event; absent when there is none. */
  readonly after: Entry<unknown> | undefined;
}
