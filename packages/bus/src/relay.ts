import { asSlipwayError, type Deferred, deferred, delay, SlipwayError, type StoredEvent } from "@slipway/kernel";
import type { Bus } from "./bus.ts";
import { type BusLogger, silentLogger } from "./bus-logger.ts";
import type { LogReader } from "./log-reader.ts";
import { pause } from "./pause.ts";
import { copyEvents } from "./relay-copy.ts";
import type { RelayMetrics } from "./relay-metrics.ts";
import { eventSubject } from "./subject.ts";
import { ensureTopology, TOPOLOGY, type TopologyOptions } from "./topology.ts";
import type { PlaceOutcome } from "./transport.ts";

export interface RelayOptions {
  readonly log: LogReader;
  readonly bus: Pick<Bus, "transport">;
  readonly logger?: BusLogger;
  readonly metrics?: RelayMetrics;
  /**
   * Called once when the relay has stopped for good: `LogBehindBus`, when the log does not hold what the bus carries
   * (a database restored from an old backup).
   */
  readonly onFatal: (error: SlipwayError) => void;
  readonly topology?: TopologyOptions;
  /** The most events that a lost stream is filled with again; older ones are read from the log. Default 1,000,000. */
  readonly refillEvents?: number;
  /** How often the relay looks without being woken. Default 1,000. */
  readonly resyncMs?: number;
  /** Events sent without waiting for the answer to the first of them. Default 512. */
  readonly window?: number;
}

export interface Relay {
  /** Resolves when what was under way is settled. */
  stop(): Promise<void>;
  /** The last position that is known to be on the bus. */
  position(): number;
}

const DEFAULT_REFILL_EVENTS = 1_000_000;
const DEFAULT_RESYNC_MS = 1_000;
const DEFAULT_WINDOW = 512;
/** How often the other streams are looked after. */
const TOPOLOGY_EVERY_MS = 30_000;
/** The least wait of a relay that was overtaken: the other one is at work. */
const OVERTAKEN_MS = 20;

/**
 * Copies the log to EVENTS, in order, each event once. The stream itself is the checkpoint: position p is stored only as
 * the message after p - 1, so that any number of relays may run and a crash loses nothing.
 */
export const startRelay = (options: RelayOptions): Relay => new RunningRelay(options);

class RunningRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #logger: BusLogger;
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  #position = 0;
  #offset = 0;
  #nudged = false;
  #wake: Deferred<void> | undefined;
  #topologyAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    const forget = options.log.onAppended(() => this.#nudge());
    this.#done = this.#run().finally(forget);
  }

  position(): number {
    return this.#position;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nudge();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const { transport } = this.#options.bus;
    let failures = 0;
    while (!signal.aborted) {
      const before = this.#position;
      try {
        await transport.whenConnected(signal);
        await this.#findPlace();
        await this.#copyUntilTrouble();
        failures = 0;
        await pause(transport, 1, signal, OVERTAKEN_MS);
      } catch (thrown) {
        if (signal.aborted) return;
        const error = asSlipwayError(thrown);
        if (error.code === "LogBehindBus") {
          this.#logger.error(
            { err: error, ...error.fields },
            "The relay has stopped: the log is not the one on the bus",
          );
          this.#options.onFatal(error);
          return;
        }
        failures = this.#position > before ? 1 : failures + 1;
        this.#logger.warn({ err: error, code: error.code, failures }, "The relay could not go on and tries again");
        await pause(transport, failures, signal, error.retryAfterMs);
      }
    }
  }

  /** Where the stream stands; makes it when it is missing. Refuses to go on when the log is not the one on the bus. */
  async #findPlace(): Promise<void> {
    const { log, bus } = this.#options;
    const { transport } = bus;
    const { signal } = this.#stopping;
    if ((await transport.streamState(TOPOLOGY.events.name)) === undefined) {
      const eventsOffset = Math.max(
        0,
        (await log.head(signal)) - (this.#options.refillEvents ?? DEFAULT_REFILL_EVENTS),
      );
      await this.#lookAfterTopology({ eventsOffset });
      this.#logger.info({ eventsOffset }, "The stream of events was missing and is filled from the log");
    } else if (transport.clock.now() - this.#topologyAtMs >= TOPOLOGY_EVERY_MS) {
      await this.#lookAfterTopology({});
    }
    const state = await transport.streamState(TOPOLOGY.events.name);
    if (state === undefined)
      throw new SlipwayError("BusUnavailable", "The events' stream is not there yet: try again.");
    // In this order: the log is ahead of whatever another relay has put on the bus meanwhile.
    const head = await log.head(signal);
    this.#offset = state.notes.offset ?? 0;
    this.#position = state.lastSequence + this.#offset;
    if (head < this.#position) throw logBehind(this.#position, head);
    await this.#compareLast(state.lastSequence);
  }

  /** The last event on the bus must be the one that the log has at its position. */
  async #compareLast(lastSequence: number): Promise<void> {
    if (lastSequence === 0) return;
    const { log, bus } = this.#options;
    const onBus = await bus.transport.messageId(TOPOLOGY.events.name, lastSequence);
    if (onBus === undefined) return;
    const { signal } = this.#stopping;
    for await (const events of log.read(this.#position, { to: this.#position, signal })) {
      const inLog = events[0];
      if (inLog !== undefined && inLog.id !== onBus) throw logDiffers(this.#position, inLog.id, onBus);
    }
  }

  async #lookAfterTopology(more: { eventsOffset?: number }): Promise<void> {
    const { bus, topology } = this.#options;
    await ensureTopology(bus.transport, { ...topology, ...more });
    this.#topologyAtMs = bus.transport.clock.now();
  }

  /** Copies what is there, waits, and so on; returns when the stream no longer is where this relay left it. */
  async #copyUntilTrouble(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#nudged = false;
      if (!(await this.#copy())) return;
      if (!this.#nudged && (await this.#wait()) === "resync" && !(await this.#stillInPlace())) return;
    }
  }

  /** Sends all events that the log has behind `#position`. False when another relay was at work. */
  #copy(): Promise<boolean> {
    const { log, metrics, window = DEFAULT_WINDOW } = this.#options;
    return copyEvents({
      log,
      from: this.#position + 1,
      place: (event) => this.#place(event),
      onPlaced: (position) => {
        this.#position = Math.max(this.#position, position);
      },
      window,
      metrics,
      signal: this.#stopping.signal,
    });
  }

  #place(event: StoredEvent): Promise<PlaceOutcome> {
    const headers: Record<string, string> = { "Slipway-Position": String(event.position) };
    if (event.meta.traceparent !== undefined) headers.traceparent = event.meta.traceparent;
    return this.#options.bus.transport.place(eventSubject(event), JSON.stringify(event), {
      id: event.id,
      headers,
      afterSequence: event.position - 1 - this.#offset,
    });
  }

  /** Until the log has something new, or it is time to look. */
  async #wait(): Promise<"nudge" | "resync"> {
    this.#wake = deferred();
    const resync = new AbortController();
    const { clock } = this.#options.bus.transport;
    try {
      return await Promise.race([
        this.#wake.promise.then(() => "nudge" as const),
        delay(this.#options.resyncMs ?? DEFAULT_RESYNC_MS, resync.signal, clock).then(() => "resync" as const),
      ]);
    } finally {
      this.#wake = undefined;
      resync.abort();
    }
  }

  #nudge(): void {
    this.#nudged = true;
    this.#wake?.resolve();
  }

  /** Whether the stream and the log are still what this relay takes them for, and the topology need not be looked after. */
  async #stillInPlace(): Promise<boolean> {
    const { log, bus } = this.#options;
    const { transport } = bus;
    if (transport.clock.now() - this.#topologyAtMs >= TOPOLOGY_EVERY_MS) return false;
    const state = await transport.streamState(TOPOLOGY.events.name);
    if (state === undefined || (state.notes.offset ?? 0) !== this.#offset) return false;
    if (state.lastSequence + this.#offset !== this.#position) return false;
    return (await log.head(this.#stopping.signal)) >= this.#position;
  }
}

const logBehind = (onBus: number, inLog: number): SlipwayError =>
  new SlipwayError(
    "LogBehindBus",
    `The bus carries events up to position ${onBus}, but the log ends at ${inLog}: restore the newer database, or wipe the bus.`,
    { fields: { onBus, inLog } },
  );

const logDiffers = (position: number, inLog: string, onBus: string): SlipwayError =>
  new SlipwayError(
    "LogBehindBus",
    `The log and the bus hold different events at position ${position}: restore the right database, or wipe the bus.`,
    { fields: { position, inLog, onBus } },
  );
