import { type MemoryBus, memoryBus, type Relay, startRelay } from "@slipway/bus";
import { type DomainEvent, EVENT_TYPES } from "@slipway/domain";
import { MemoryEventLog, MemorySnapshots } from "@slipway/eventlog";
import { type Clock, newId, seededRandom, systemClock } from "@slipway/kernel";

/** The log, the bus and the relay between them, in memory: what a service needs around it. */
export interface MemoryPlatform {
  readonly log: MemoryEventLog;
  readonly snapshots: MemorySnapshots;
  readonly bus: MemoryBus;
  readonly clock: Clock;
  /** Appends events to one stream without a version check; answers the last position. */
  append(stream: string, ...events: DomainEvent[]): Promise<number>;
  stop(): Promise<void>;
}

/** Starts one; stop it at the end of the test. */
export const memoryPlatform = async ({
  clock = systemClock,
}: {
  readonly clock?: Clock;
} = {}): Promise<MemoryPlatform> => {
  const log = new MemoryEventLog({ knownTypes: new Set(EVENT_TYPES), clock });
  const bus = memoryBus({ clock, random: seededRandom(1) });
  const relay: Relay = await startRelay({
    log,
    bus,
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    log,
    snapshots: new MemorySnapshots(),
    bus,
    clock,
    append: async (stream, ...events) => {
      const batch = [{ stream, expected: "any" as const, events: events.map((event) => ({ ...event, id: newId() })) }];
      return (await log.append(batch, { actor: "test" })).position;
    },
    stop: async () => {
      await relay.stop();
      await bus.close();
      await log.close();
    },
  };
};

/** Polls until `probe` answers something, or fails after `withinMs`: for conditions that nothing announces. */
export const eventually = async <T>(
  probe: () => T | undefined | Promise<T | undefined>,
  withinMs = 5_000,
): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${probe.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
