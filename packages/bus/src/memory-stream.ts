import { subjectMatches } from "./subject.ts";
import type { StreamNotes, StreamSpec } from "./topology.ts";
import type { PlaceOutcome, Published, ReadStart, StreamState } from "./transport.ts";

/** A message as the in-memory bus keeps it. */
export interface KeptMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly storedAtMs: number;
}

type NewMessage = Pick<KeptMessage, "subject" | "text" | "id" | "headers">;

/** One stream in memory, with the rules of JetStream: sequences, ids remembered for a while, limits. */
export class MemoryStream {
  spec: StreamSpec;
  notes: StreamNotes;
  readonly identity: string;
  readonly #kept = new Map<number, KeptMessage>();
  readonly #lastOfSubject = new Map<string, number>();
  readonly #ids = new Map<string, Published & { readonly atMs: number }>();
  readonly #listeners = new Set<() => void>();
  #last = 0;
  #first = 1;
  #bytes = 0;

  constructor(spec: StreamSpec, notes: StreamNotes, identity: string) {
    this.spec = spec;
    this.notes = notes;
    this.identity = identity;
  }

  covers(subject: string): boolean {
    return this.spec.subjects.some((filter) => subjectMatches(filter, subject));
  }

  append(message: NewMessage, nowMs: number): Published {
    const known = this.#known(message.id, nowMs);
    if (known !== undefined) return { sequence: known.sequence, duplicate: true };
    const kept: KeptMessage = { ...message, sequence: ++this.#last, storedAtMs: nowMs };
    this.#kept.set(kept.sequence, kept);
    if (this.spec.keeps === "last") {
      const before = this.#lastOfSubject.get(message.subject);
      this.#lastOfSubject.set(message.subject, kept.sequence);
      if (before !== undefined) this.delete(before);
    }
    this.#bytes += kept.text.length;
    if (message.id !== "") this.#ids.set(message.id, { sequence: kept.sequence, duplicate: false, atMs: nowMs });
    this.#enforceLimits(nowMs);
    this.#changed();
    return { sequence: kept.sequence, duplicate: false };
  }

  /** Appends only as the message after `afterSequence`. */
  place(message: NewMessage, afterSequence: number, nowMs: number): PlaceOutcome {
    if (this.#known(message.id, nowMs) !== undefined) return "duplicate";
    if (this.#last !== afterSequence) return "misplaced";
    this.append(message, nowMs);
    return "stored";
  }

  get(sequence: number): KeptMessage | undefined {
    return this.#kept.get(sequence);
  }

  delete(sequence: number): void {
    const kept = this.#kept.get(sequence);
    if (kept === undefined) return;
    this.#kept.delete(sequence);
    this.#bytes -= kept.text.length;
    if (this.#lastOfSubject.get(kept.subject) === sequence) this.#lastOfSubject.delete(kept.subject);
    while (this.#first <= this.#last && !this.#kept.has(this.#first)) this.#first++;
  }

  /** Kept messages of a selection behind a sequence, oldest first. */
  *from(sequence: number, filter: string): Generator<KeptMessage, void, undefined> {
    for (let at = Math.max(sequence, this.#first); at <= this.#last; at++) {
      const kept = this.#kept.get(at);
      if (kept !== undefined && subjectMatches(filter, kept.subject)) yield kept;
    }
  }

  /** The sequence that reading begins at. A start behind the end begins at the end, as with JetStream. */
  startOf(start: ReadStart): number {
    if (start.from === "sequence") return Math.min(start.sequence, this.#last + 1);
    if (start.from === "last-per-subject") return this.#first;
    for (const kept of this.#kept.values()) if (kept.storedAtMs >= start.atMs) return kept.sequence;
    return this.#last + 1;
  }

  state(): StreamState {
    return { identity: this.identity, firstSequence: this.#first, lastSequence: this.#last, notes: this.notes };
  }

  /** Calls `listener` on each change, until the returned function is called. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For changes that the stream does not see: it was taken away, or a connection was. */
  wakeReaders(): void {
    this.#changed();
  }

  #known(id: string, nowMs: number): Published | undefined {
    if (id === "") return undefined;
    const known = this.#ids.get(id);
    return known !== undefined && nowMs - known.atMs < this.spec.dedupMs ? known : undefined;
  }

  #enforceLimits(nowMs: number): void {
    for (const [sequence, kept] of this.#kept) {
      const tooOld = this.spec.maxAgeMs !== undefined && nowMs - kept.storedAtMs > this.spec.maxAgeMs;
      const tooMuch = this.spec.maxBytes !== undefined && this.#bytes > this.spec.maxBytes;
      if (!tooOld && !tooMuch) return;
      this.delete(sequence);
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
