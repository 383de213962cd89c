import type { Clock, Random } from "@slipway/kernel";
import { MemoryStream } from "./memory-stream.ts";
import { subjectMatches } from "./subject.ts";
import type { StreamNotes, StreamSpec } from "./topology.ts";
import type { PlainMessage } from "./transport.ts";

/** What goes wrong on the in-memory network. Shares are 0 to 1. */
export interface Faults {
  /** Share of messages that are lost. What is kept in a stream comes later instead; an answer that is lost leaves the caller in doubt. */
  readonly drop?: number;
  /** Least and most time on the way. */
  readonly delayMs?: readonly [min: number, max: number];
  /** Share of messages that arrive twice. */
  readonly duplicate?: number;
  /** Share of messages that are overtaken by later ones. */
  readonly reorder?: number;
}

interface Subscription {
  readonly client: string;
  readonly subject: string;
  readonly handle: (message: PlainMessage) => void;
}

/** How long an overtaken message is late, beside the usual delay. */
const REORDER_MS = 20;

/** The server of the in-memory bus: streams, subscriptions, and a network that can be made bad. */
export class MemoryHub {
  readonly clock: Clock;
  readonly random: Random;
  faults: Faults;
  readonly #streams = new Map<string, MemoryStream>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #cutOff = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #made = 0;

  constructor(clock: Clock, random: Random, faults: Faults) {
    this.clock = clock;
    this.random = random;
    this.faults = faults;
  }

  stream(name: string): MemoryStream | undefined {
    return this.#streams.get(name);
  }

  streamFor(subject: string): MemoryStream | undefined {
    return [...this.#streams.values()].find((stream) => stream.covers(subject));
  }

  ensureStream(spec: StreamSpec, notes: StreamNotes, create: boolean): void {
    const existing = this.#streams.get(spec.name);
    if (existing !== undefined) existing.spec = spec;
    else if (create) this.#streams.set(spec.name, new MemoryStream(spec, notes, `${spec.name}-${++this.#made}`));
    this.#changed();
  }

  /** All streams are gone, with all that was in them. */
  wipe(): void {
    const gone = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of gone) stream.wakeReaders();
    this.#changed();
  }

  connected(client: string): boolean {
    return !this.#cutOff.has(client);
  }

  setConnected(client: string, connected: boolean): void {
    if (connected) this.#cutOff.delete(client);
    else this.#cutOff.add(client);
    for (const stream of this.#streams.values()) stream.wakeReaders();
    this.#changed();
  }

  /** Calls `listener` when streams or connections come and go, until the returned function is called. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe(subscription: Subscription): () => void {
    this.#subscriptions.add(subscription);
    return () => this.#subscriptions.delete(subscription);
  }

  /** Sends a message that is kept nowhere. */
  send(client: string, subject: string, text: string, replyTo: string): void {
    if (!this.connected(client)) return;
    const takers = this.#takers(subject);
    for (const taker of takers) {
      this.#carry(() => {
        if (this.#subscriptions.has(taker) && this.connected(taker.client) && this.connected(client)) {
          taker.handle({ subject, replyTo, noResponders: false, text: () => text });
        }
      });
    }
    if (takers.length > 0 || replyTo === "") return;
    for (const asker of this.#takers(replyTo)) {
      queueMicrotask(() => {
        if (this.#subscriptions.has(asker)) {
          asker.handle({ subject: replyTo, replyTo: "", noResponders: true, text: () => "" });
        }
      });
    }
  }

  /** True for the given share of calls. */
  chance(share: number | undefined): boolean {
    return share !== undefined && share > 0 && this.random() < share;
  }

  /** Time on the way for one message. */
  delayMs(): number {
    const [min, max] = this.faults.delayMs ?? [0, 0];
    return min + (max - min) * (max > min ? this.random() : 0);
  }

  #takers(subject: string): Subscription[] {
    return [...this.#subscriptions].filter(
      (subscription) => this.connected(subscription.client) && subjectMatches(subscription.subject, subject),
    );
  }

  #carry(arrive: () => void): void {
    if (this.chance(this.faults.drop)) return;
    const times = this.chance(this.faults.duplicate) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const late = this.chance(this.faults.reorder) ? REORDER_MS : 0;
      const delayMs = this.delayMs() + late;
      if (delayMs === 0) queueMicrotask(arrive);
      else this.clock.schedule(delayMs, arrive);
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
