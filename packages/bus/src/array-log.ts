import type { StoredEvent } from "@slipway/kernel";
import { deterministicUuid } from "@slipway/kernel";
import type { LogReader } from "./log-reader.ts";

/** A log for specs: an array, with the promises of the real one that the bus depends on. */
export interface ArrayLog extends LogReader {
  /** Adds events of the given streams, of type `PodCreated` unless said otherwise. */
  add(...events: readonly (string | { readonly stream: string; readonly type: string })[]): void;
  /** Adds `count` events spread over ten streams. */
  addMany(count: number): void;
  /** Forgets all but the first `count` events, as a database does that is restored from a backup. */
  truncate(count: number): void;
  readonly events: readonly StoredEvent[];
}

const BATCH = 500;

/** `seed` tells the event ids of one log from those of another. */
export const arrayLog = (seed = ""): ArrayLog => {
  let stored: StoredEvent[] = [];
  const versions = new Map<string, number>();
  const listeners = new Set<() => void>();
  const add = (events: readonly { stream: string; type: string }[]) => {
    for (const { stream, type } of events) {
      const position = stored.length + 1;
      const version = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, version);
      stored.push({
        id: deterministicUuid(`${seed}/${position}`),
        type,
        data: { number: position },
        position,
        stream,
        version,
        meta: { actor: "user:test" },
        recordedAt: "2026-01-01T00:00:00.000Z",
      });
    }
    for (const listener of [...listeners]) listener();
  };
  return {
    add: (...events) =>
      add(events.map((event) => (typeof event === "string" ? { stream: event, type: "PodCreated" } : event))),
    addMany: (count) =>
      add(Array.from({ length: count }, (_, index) => ({ stream: `pod/demo/web-${index % 10}`, type: "PodCreated" }))),
    truncate: (count) => {
      stored = stored.slice(0, count);
    },
    get events() {
      return stored;
    },
    head: async () => stored.length,
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: async function* (from, options = {}) {
      const { to = stored.length, types, signal } = options;
      const end = Math.min(to, stored.length);
      for (let at = from; at <= end && !signal?.aborted; at += BATCH) {
        const batch = stored.slice(at - 1, Math.min(end, at + BATCH - 1));
        const wanted = types === undefined ? batch : batch.filter((event) => types.includes(event.type));
        if (wanted.length > 0) yield wanted;
      }
    },
  };
};
