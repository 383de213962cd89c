import { seededRandom, systemClock } from "@slipway/kernel";
import { busContract } from "./contract.ts";
import { memoryBus } from "./memory.ts";

describe("the bus in memory", () => {
  busContract(async () => {
    const bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
    return {
      bus,
      connect: async (name) => bus.connect(name),
      wipe: async () => bus.wipe(),
      stop: () => bus.close(),
    };
  });
});
