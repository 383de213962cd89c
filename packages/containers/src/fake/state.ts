import { type Clock, type Deferred, SlipwayError, type Timer } from "@slipway/kernel";
import type { ContainerSpec, ContainerStatus } from "../container.ts";
import type { ImageInfo } from "../image.ts";
import type { LogLine } from "../log-line.ts";
import type { NetworkSpec } from "../network.ts";
import type { ContainerEvent, EngineEvent } from "../port.ts";
import type { Program } from "./programs.ts";

/** One container of the fake engine. */
export interface FakeContainer {
  readonly id: string;
  name: string;
  readonly spec: ContainerSpec;
  readonly imageId: string;
  readonly program: Program;
  readonly createdAt: string;
  readonly files: Map<string, string>;
  readonly logs: LogLine[];
  status: ContainerStatus;
  pid: number;
  exitCode: number;
  oomKilled: boolean;
  error: string;
  startedAt?: string;
  finishedAt?: string;
  ip: string;
  timer?: Timer;
  /** Resolves at the exit of the run under way. */
  exited: Deferred<void>;
  /** What an attached client wrote, until it ends. */
  readonly attached: ((chunk: Buffer | undefined) => void)[];
}

export interface FakeImage extends ImageInfo {
  readonly program?: Program;
  readonly files: ReadonlyMap<string, string>;
}

export interface FakeNetwork extends NetworkSpec {
  readonly id: string;
}

/** A failure to throw at the next call of that name, as `containers.start`. */
export type Failures = Map<string, SlipwayError[]>;

/** Everything that the fake engine knows; its parts share it. */
export interface FakeState {
  readonly clock: Clock;
  readonly containers: Map<string, FakeContainer>;
  readonly images: Map<string, FakeImage>;
  readonly networks: Map<string, FakeNetwork>;
  readonly listeners: Set<(event: EngineEvent) => void>;
  readonly failures: Failures;
  /** Names of the calls made, oldest first: `containers.create web-1`. */
  readonly calls: string[];
  available: boolean;
  serial: number;
}

export const newState = (clock: Clock): FakeState => ({
  clock,
  containers: new Map(),
  images: new Map(),
  networks: new Map(),
  listeners: new Set(),
  failures: new Map(),
  calls: [],
  available: true,
  serial: 0,
});

/** RFC 3339 with nanoseconds of the fake's clock; calls within a millisecond stay in order. */
export const timeOf = (state: FakeState): string => {
  state.serial += 1;
  const decimals = String(state.serial % 1_000_000).padStart(6, "0");
  return new Date(state.clock.now()).toISOString().replace("Z", `${decimals}Z`);
};

/** A 64-digit hexadecimal id; never the same twice in one engine. */
export const idOf = (state: FakeState): string => {
  state.serial += 1;
  return state.serial.toString(16).padStart(12, "0").padEnd(64, "0");
};

/** What every call does first: is the engine there, was a failure set, has the caller given up. */
export const enter = async (state: FakeState, call: string, subject: string, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  state.calls.push(`${call} ${subject}`.trim());
  if (!state.available) {
    throw new SlipwayError(
      "EngineUnavailable",
      "The container engine does not answer (ECONNREFUSED): check that Docker Engine runs.",
      {
        retryAfterMs: 1_000,
      },
    );
  }
  const failure = state.failures.get(call)?.shift();
  if (failure !== undefined) throw failure;
};

export const findContainer = (state: FakeState, id: string): FakeContainer => {
  const direct = state.containers.get(id);
  if (direct !== undefined) return direct;
  for (const each of state.containers.values())
    if (each.name === id || (id.length >= 12 && each.id.startsWith(id))) return each;
  throw new SlipwayError("ContainerNotFound", `There is no container "${id}": No such container: ${id}.`, {
    fields: { container: id, status: 404 },
  });
};

export const conflict = (subject: string, text: string): SlipwayError =>
  new SlipwayError("EngineConflict", `The engine refused for ${subject}: ${text}.`, { fields: { status: 409 } });

export const emit = (
  state: FakeState,
  container: FakeContainer,
  type: ContainerEvent["type"],
  exitCode?: number,
): void => {
  const event: ContainerEvent = {
    type,
    containerId: container.id,
    name: container.name,
    image: container.spec.image,
    labels: container.spec.labels ?? {},
    at: timeOf(state),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
  for (const listener of [...state.listeners]) listener(event);
};

/** True when `labels` holds every wanted one; an empty value stands for any. */
export const hasLabels = (
  labels: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean =>
  Object.entries(wanted ?? {}).every(
    ([key, value]) => labels?.[key] !== undefined && (value === "" || labels[key] === value),
  );
