import { abortable } from "@slipway/kernel";
import type { MemoryHub } from "./memory-hub.ts";
import type { KeptMessage, MemoryStream } from "./memory-stream.ts";
import type { WorkMessage, WorkVerdict } from "./transport.ts";

/** A message that nobody has answered for by then is handed out again. */
const ACK_WAIT_MS = 30_000;
const MOST_IN_HAND = 256;

interface Delivery {
  attempts: number;
  /** Not before; far away while in somebody's hand. */
  availableAtMs: number;
}

/** The state of a work queue that all its workers share. */
export class MemoryWork {
  readonly #hub: MemoryHub;
  readonly #deliveries = new WeakMap<MemoryStream, Map<number, Delivery>>();

  constructor(hub: MemoryHub) {
    this.#hub = hub;
  }

  /** `Transport.work` in memory. */
  async run(
    client: string,
    streamName: string,
    handle: (message: WorkMessage) => Promise<WorkVerdict>,
    signal: AbortSignal,
  ): Promise<void> {
    const inHand = new Set<Promise<void>>();
    let freed: (() => void) | undefined;
    while (!signal.aborted) {
      const stream = this.#hub.connected(client) ? this.#hub.stream(streamName) : undefined;
      const kept = stream === undefined || inHand.size >= MOST_IN_HAND ? undefined : this.#take(stream);
      if (stream === undefined || kept === undefined) {
        await this.#somethingNew(stream, signal, (wake) => {
          freed = wake;
        });
        continue;
      }
      const work = this.#handle(client, stream, kept, handle).finally(() => {
        inHand.delete(work);
        freed?.();
      });
      inHand.add(work);
    }
    await Promise.allSettled(inHand);
  }

  async #handle(
    client: string,
    stream: MemoryStream,
    kept: KeptMessage,
    handle: (message: WorkMessage) => Promise<WorkVerdict>,
  ): Promise<void> {
    const delivery = this.#delivery(stream, kept.sequence);
    if (this.#hub.chance(this.#hub.faults.drop)) return;
    const { subject, id, text } = kept;
    const verdict = await handle({ subject, id, attempt: delivery.attempts, text: () => text });
    // An answer that is lost brings the message back, although its work was done.
    if (!this.#hub.connected(client) || this.#hub.chance(this.#hub.faults.duplicate)) return;
    if (verdict.type === "again") delivery.availableAtMs = this.#hub.clock.now() + verdict.delayMs;
    else stream.delete(kept.sequence);
  }

  #delivery(stream: MemoryStream, sequence: number): Delivery {
    const ofStream = this.#deliveries.get(stream) ?? new Map<number, Delivery>();
    this.#deliveries.set(stream, ofStream);
    const delivery = ofStream.get(sequence) ?? { attempts: 0, availableAtMs: 0 };
    ofStream.set(sequence, delivery);
    return delivery;
  }

  #take(stream: MemoryStream): KeptMessage | undefined {
    const nowMs = this.#hub.clock.now();
    for (const kept of stream.from(1, ">")) {
      const delivery = this.#delivery(stream, kept.sequence);
      if (delivery.availableAtMs > nowMs) continue;
      delivery.attempts++;
      delivery.availableAtMs = nowMs + ACK_WAIT_MS;
      return kept;
    }
    return undefined;
  }

  /** Until a message, a stream, a connection or a place in hand may have come, or one is due again. */
  #somethingNew(
    stream: MemoryStream | undefined,
    signal: AbortSignal,
    onFreed: (wake: () => void) => void,
  ): Promise<void> {
    return abortable<void>(signal, (resolve) => {
      const nowMs = this.#hub.clock.now();
      const due =
        stream === undefined
          ? []
          : [...stream.from(1, ">")].map(({ sequence }) => this.#delivery(stream, sequence).availableAtMs);
      const next = Math.min(...due.filter((atMs) => atMs > nowMs));
      const timer = Number.isFinite(next) ? this.#hub.clock.schedule(next - nowMs, () => end()) : undefined;
      const forget = [this.#hub.onChanged(() => end()), stream?.onChanged(() => end())];
      const cleanUp = () => {
        timer?.cancel();
        for (const undo of forget) undo?.();
      };
      const end = () => {
        cleanUp();
        resolve();
      };
      onFreed(end);
      return cleanUp;
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
