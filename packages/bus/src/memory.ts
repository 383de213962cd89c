import type { Clock, Random } from "@slipway/kernel";
import { type Bus, makeBus } from "./bus.ts";
import type { BusLogger } from "./bus-logger.ts";
import { type Faults, MemoryHub } from "./memory-hub.ts";
import { memoryTransport } from "./memory-transport.ts";
import { MemoryWork } from "./memory-work.ts";

export interface MemoryBusOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults?: Faults;
  readonly logger?: BusLogger;
}

/** The bus in one process, for tests and the simulation: the same for the same seed under a manual clock. */
export interface MemoryBus extends Bus {
  /** One more connection, with the name by which it can be cut off. */
  connect(name: string): Bus;
  /** From now on this connection reaches nobody, until `heal`. The bus itself is the connection `""`. */
  partition(name: string): void;
  heal(name: string): void;
  /** All streams are lost, as when JetStream's disk is. */
  wipe(): void;
  setFaults(faults: Faults): void;
}

export const memoryBus = (options: MemoryBusOptions): MemoryBus => {
  const hub = new MemoryHub(options.clock, options.random, options.faults ?? {});
  const work = new MemoryWork(hub);
  const connect = (name: string) => makeBus(memoryTransport(hub, work, name), options.logger);
  return {
    ...connect(""),
    connect,
    partition: (name) => hub.setConnected(name, false),
    heal: (name) => hub.setConnected(name, true),
    wipe: () => hub.wipe(),
    setFaults: (faults) => {
      hub.faults = faults;
    },
  };
};
