import { startTestNats, type TestNats } from "@slipway/testkit";
import type { Bus } from "./bus.ts";
import { busContract } from "./contract.ts";
import { connectBus } from "./jetstream.ts";

describe("the bus on JetStream", () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startTestNats();
  });
  afterAll(() => nats.stop());

  busContract(async () => {
    const buses: Bus[] = [];
    const connect = async (name: string) => {
      const bus = await connectBus({ servers: nats.url, name });
      buses.push(bus);
      return bus;
    };
    return {
      bus: await connect("first"),
      connect,
      wipe: () => nats.wipe(),
      stop: async () => {
        await Promise.all(buses.map((bus) => bus.close()));
        await nats.wipe();
      },
    };
  });
});
