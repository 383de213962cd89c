import { memoryBus } from "@slipway/bus";
import { EVENT_TYPES } from "@slipway/domain";
import { MemoryEventLog } from "@slipway/eventlog";
import { newId, type SlipwayError, seededRandom, systemClock } from "@slipway/kernel";
import { createLogger, noMetrics, startComponents } from "@slipway/runtime";
import { eventually } from "@slipway/testkit";
import { createGateway, type GatewayOptions } from "./gateway.ts";
import { startGatewayHarness } from "./testing/gateway-harness.ts";

const created = (name: string) => ({
  stream: `project/_/${name}`,
  expected: 0,
  events: [{ id: newId(), type: "ProjectCreated", data: { project: { metadata: { name } } } }],
});

const optionsOf = (more: Partial<GatewayOptions> & Pick<GatewayOptions, "log" | "bus">): GatewayOptions => ({
  clock: systemClock,
  random: seededRandom(1),
  newId,
  logger: createLogger({ service: "api-gateway", level: "silent" }),
  metrics: noMetrics,
  settings: { serviceCidr: "10.96.0.0/16", routeSuffix: "x", registryHost: "", version: "test", patienceMs: 50 },
  address: "127.0.0.1:0",
  authenticate: () => ({ actor: "user:owner" }),
  maxMessageBytes: 1_048_576,
  onFatal: (error) => {
    throw error;
  },
  ...more,
});

const emptyLog = () => new MemoryEventLog({ knownTypes: new Set(EVENT_TYPES) });

describe("a gateway", () => {
  it("says that it cannot go on when the log is not the one on the bus", async () => {
    const bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
    const log = emptyLog();
    await log.append([created("a")], { actor: "test" });
    const first = await startComponents([createGateway(optionsOf({ log, bus }))]);
    await eventually(async () => ((await bus.events.lastPosition()) === 1 ? true : undefined));
    await first.stop();

    const older = emptyLog();
    await older.append([created("b")], { actor: "test" });
    const fatal = Promise.withResolvers<SlipwayError>();
    const second = await startComponents([createGateway(optionsOf({ log: older, bus, onFatal: fatal.resolve }))]);
    expect(await fatal.promise).toMatchObject({ code: "LogBehindBus", class: "Fatal" });
    await second.stop();
    await bus.close();
  });

  it("leaves nothing running when it cannot listen", async () => {
    const bus = memoryBus({ clock: systemClock, random: seededRandom(1) });
    const log = emptyLog();
    const listen = log.onAppended.bind(log);
    let began = 0;
    let ended = 0;
    log.onAppended = (listener) => {
      began++;
      const forget = listen(listener);
      return () => {
        ended++;
        forget();
      };
    };
    const gateway = createGateway(optionsOf({ log, bus, address: "203.0.113.1:1" }));
    await expect(startComponents([gateway])).rejects.toMatchObject({ name: "SlipwayError" });
    expect(began).toBeGreaterThan(0);
    expect(ended).toBe(began);
    await bus.close();
  });

  it("ends the calls that are open when it stops, with a word that says try again", async () => {
    const harness = await startGatewayHarness();
    const stream = harness.resources.watch({ kind: "Pod" })[Symbol.asyncIterator]();
    expect((await stream.next()).value.type).toBe("BOOKMARK");
    const next = stream.next();
    const refused = expect(next).rejects.toMatchObject({ code: "ServerUnavailable" });
    await harness.stop();
    await refused;
  });
});
