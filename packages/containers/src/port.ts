import type { Containers } from "./container.ts";
import type { Images } from "./image.ts";
import type { Networks } from "./network.ts";

/** What the host of an engine can give. */
export interface EngineInfo {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** The engine's own version, as `20.10.24`. */
  readonly version: string;
  readonly hostname: string;
  /** `x86_64`, `aarch64`. */
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly kernelVersion: string;
  /** Where the engine keeps images and containers: the disk that fills. */
  readonly dockerRootDir: string;
  /** 1 or 2. */
  readonly cgroupVersion: number;
}

/** What happened to a container, in the engine's order. */
export interface ContainerEvent {
  readonly type: "create" | "start" | "die" | "oom" | "kill" | "stop" | "pause" | "unpause" | "rename" | "destroy";
  readonly containerId: string;
  readonly name: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** RFC 3339 with nanoseconds, the engine's clock. */
  readonly at: string;
  /** Only with `die`. */
  readonly exitCode?: number;
}

/**
 * `connected` comes first, when the stream stands: what the caller lists from then on, no event can be missing of.
 * `reconnected` comes after a break (an engine restart): events in between are lost, so the caller lists again.
 */
export type EngineEvent = ContainerEvent | { readonly type: "connected" | "reconnected"; readonly at: string };

export interface EventsOptions {
  /** Only containers that carry all of these; an empty value means any value. */
  readonly labels?: Readonly<Record<string, string>>;
  /** RFC 3339: events from then on are replayed first, as far as the engine remembers them (the last 256). */
  readonly since?: string;
  /** Ends the iteration quietly. */
  readonly signal: AbortSignal;
}

/**
 * One container engine. Calls are independent of each other: how many run at once is the caller's business.
 * Errors are `SlipwayError`s: `EngineUnavailable` when the socket does not answer, `ContainerNotFound`,
 * `ImageNotFound`, `EngineConflict` when the thing is in another state than the call needs, `EngineError` else.
 * An aborted call rejects with its signal's reason.
 */
export interface ContainerEngine {
  readonly containers: Containers;
  readonly images: Images;
  readonly networks: Networks;
  ping(signal?: AbortSignal): Promise<void>;
  info(signal?: AbortSignal): Promise<EngineInfo>;
  /** Never throws for an engine that is away: it waits, connects again and says `reconnected`. */
  events(options: EventsOptions): AsyncIterable<EngineEvent>;
  /** Closes idle connections; streams under way belong to their signals. */
  close(): void;
}
