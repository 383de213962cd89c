import { type Clock, type SlipwayError, systemClock } from "@slipway/kernel";
import type { ContainerEngine, EngineInfo } from "../port.ts";
import { crash, fakeContainers } from "./containers.ts";
import { fakeEvents } from "./events.ts";
import { addImage, type FakeBuild, type FakeRegistry, fakeImages } from "./images.ts";
import { fakeNetworks } from "./networks.ts";
import type { Program } from "./programs.ts";
import { enter, type FakeImage, newState, timeOf } from "./state.ts";

/** An engine in memory, with the strings by which a test pulls it. */
export interface FakeEngine extends ContainerEngine {
  /** Puts an image on the engine; containers of it run `program`, unless their command carries another. */
  addImage(ref: string, image?: Partial<Omit<FakeImage, "id">>): void;
  /** What pulls find: an image, or `{ fails: "Network" }`. A name that is not here is `NotFound`. */
  readonly registry: FakeRegistry;
  /** What the next builds do, in order. An empty list builds well. */
  readonly builds: FakeBuild[];
  /** The next call of that name, as `containers.start`, fails with this error. */
  failNext(call: string, error: SlipwayError): void;
  /** Ends a running container as a crash of its main process would. */
  crash(id: string, exitCode: number): void;
  /** While false every call fails with `EngineUnavailable`; back to true, event streams say `reconnected`. */
  setAvailable(available: boolean): void;
  /** A restart of the engine that stopped every container, as a reboot of the host does. */
  reboot(): void;
  /** Names of all calls so far with their subject, oldest first: `containers.create web-1`. */
  readonly calls: readonly string[];
}

export interface FakeEngineOptions {
  readonly clock?: Clock;
  readonly info?: Partial<EngineInfo>;
}

export const fakeEngine = ({ clock = systemClock, info = {} }: FakeEngineOptions = {}): FakeEngine => {
  const state = newState(clock);
  const registry: FakeRegistry = new Map();
  const builds: FakeBuild[] = [];
  const reconnected = () => {
    for (const listener of [...state.listeners]) listener({ type: "reconnected", at: timeOf(state) });
  };
  return {
    containers: fakeContainers(state),
    images: fakeImages(state, registry, builds),
    networks: fakeNetworks(state),
    events: (options) => fakeEvents(state, options),
    close: () => {},
    ping: (signal) => enter(state, "ping", "", signal),
    async info(signal) {
      await enter(state, "info", "", signal);
      return { ...FAKE_INFO, ...info };
    },
    addImage: (ref, image) => void addImage(state, ref, image),
    registry,
    builds,
    failNext(call, error) {
      state.failures.set(call, [...(state.failures.get(call) ?? []), error]);
    },
    crash: (id, exitCode) => crash(state, id, exitCode),
    setAvailable(available) {
      const back = available && !state.available;
      state.available = available;
      if (back) reconnected();
    },
    reboot() {
      for (const each of state.containers.values()) if (each.status === "running") crash(state, each.id, 137);
      reconnected();
    },
    calls: state.calls,
  };
};

/** The image's program for `addImage`, when that is all a test needs. */
export const runs = (program: Program): { readonly program: Program } => ({ program });

const FAKE_INFO: EngineInfo = {
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
  version: "20.10.24",
  hostname: "fake",
  architecture: "x86_64",
  operatingSystem: "Debian GNU/Linux 12",
  kernelVersion: "6.1.0",
  dockerRootDir: "/var/lib/docker",
  cgroupVersion: 2,
};
