import type { Readable, Writable } from "node:stream";
import type { LogLine } from "./log-line.ts";

/** Which network namespace a container lives in. */
export type NetworkMode =
  /** A network by name; without `ip` the engine picks one of its subnet. */
  | { readonly type: "network"; readonly name: string; readonly ip?: string; readonly aliases?: readonly string[] }
  /** The namespace of another container, which must be running. */
  | { readonly type: "container"; readonly id: string }
  | { readonly type: "host" }
  | { readonly type: "none" };

/** A path of the host, or a named volume when `source` is not absolute, seen in the container at `target`. */
export interface Bind {
  readonly source: string;
  readonly target: string;
  readonly readOnly?: boolean;
  readonly propagation?: "private" | "rslave" | "rshared";
}

export interface Resources {
  /** Hard limit in billionths of a core: 500_000_000 is half a core. */
  readonly nanoCpus?: number;
  /** Weight against neighbours; 1024 stands for one requested core. */
  readonly cpuShares?: number;
  readonly memoryBytes?: number;
  readonly pidsLimit?: number;
}

export interface PortBinding {
  readonly containerPort: number;
  readonly protocol?: "tcp" | "udp";
  readonly hostIp?: string;
  /** 0 or absent: any free one. */
  readonly hostPort?: number;
}

/** Everything that makes a container. Absent fields keep what the image or the engine says. */
export interface ContainerSpec {
  /** Absent: the engine invents one. */
  readonly name?: string;
  readonly image: string;
  /** Replaces the image's entrypoint (and drops its cmd); `[]` removes it. */
  readonly command?: readonly string[];
  /** Replaces the image's cmd. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly workingDir?: string;
  readonly user?: string;
  readonly groupAdd?: readonly string[];
  readonly hostname?: string;
  readonly network?: NetworkMode;
  readonly pidMode?: string;
  readonly ipcMode?: string;
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  /** `name:ip` each. */
  readonly extraHosts?: readonly string[];
  readonly binds?: readonly Bind[];
  /** Target path to mount options, as `size=64m,mode=1777`. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly resources?: Resources;
  readonly oomScoreAdj?: number;
  readonly stopSignal?: string;
  readonly capAdd?: readonly string[];
  readonly capDrop?: readonly string[];
  readonly securityOptions?: readonly string[];
  readonly privileged?: boolean;
  readonly readOnlyRootfs?: boolean;
  /** A tiny init as process 1, which reaps orphans. */
  readonly init?: boolean;
  readonly log?: { readonly driver: string; readonly options?: Readonly<Record<string, string>> };
  readonly tty?: boolean;
  /** Keeps stdin open for `attach`; it is closed for good when the first attached client leaves. */
  readonly stdin?: boolean;
  readonly ulimits?: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly ports?: readonly PortBinding[];
}

export type ContainerStatus = "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead";

export interface ContainerState {
  readonly status: ContainerStatus;
  /** 0 when it does not run. */
  readonly pid: number;
  /** 0 before the first exit. */
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Why the last start failed, else empty. */
  readonly error: string;
  /** RFC 3339 with nanoseconds; absent before the first start. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

export interface ContainerInfo {
  readonly id: string;
  /** Without the engine's leading slash. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The reference it was created from. */
  readonly image: string;
  readonly imageId: string;
  readonly createdAt: string;
  readonly state: ContainerState;
  /** The first network's address; empty for a container in another one's namespace, and for one that does not run. */
  readonly ip: string;
  readonly ips: Readonly<Record<string, string>>;
  /** As the engine says it: a network's name, `container:<id>`, `host`, `none`. */
  readonly networkMode: string;
  readonly mounts: readonly { readonly source: string; readonly target: string; readonly readOnly: boolean }[];
  readonly ports: readonly Required<PortBinding>[];
  readonly restartCount: number;
  readonly tty: boolean;
}

/** What a list tells of each container: enough to know which ones to inspect. */
export interface ContainerSummary {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly image: string;
  readonly imageId: string;
  readonly createdAt: string;
  readonly status: ContainerStatus;
  readonly ip: string;
}

export interface LogsOptions {
  readonly follow?: boolean;
  /** RFC 3339 with up to nine decimals; a line of exactly this time is included. */
  readonly since?: string;
  readonly until?: string;
  /** Only the last so many lines. */
  readonly tail?: number;
  /** Ends the iteration quietly. */
  readonly signal?: AbortSignal;
}

/** One sample of what a container uses. */
export interface ContainerStats {
  readonly at: string;
  /** Since its start, all cores together. */
  readonly cpuNanos: number;
  /** What cannot be given back under pressure: usage without inactive file cache. */
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number;
  readonly pids: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

export interface ExecSpec {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDir?: string;
  readonly privileged?: boolean;
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  /** Both streams in the order in which they came, cut at `maxOutputBytes`. */
  readonly output: string;
}

/**
 * The three streams of a process, raw. Both outputs must be read (or `resume()`d): one that nobody reads stops the other.
 * With a terminal everything comes on `stdout`. Ending `stdin` closes the process's own.
 */
export interface ProcessStreams {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Drops the connection; the process goes on. */
  close(): void;
}

export interface ExecSession extends ProcessStreams {
  /** Resolves when both outputs have ended. */
  readonly exitCode: Promise<number>;
  /** Only with a terminal. */
  resize(size: { readonly columns: number; readonly rows: number }): Promise<void>;
}

export interface CommitOptions {
  readonly repo: string;
  readonly tag?: string;
  readonly comment?: string;
  readonly author?: string;
  /** Added to what the container already carries; `command: []` removes the entrypoint, absent fields keep the container's. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly signal?: AbortSignal;
}

export interface WaitResult {
  readonly exitCode: number;
}

/** The containers of one engine. `id` may also be a name. */
export interface Containers {
  /** `ImageNotFound` when the image is not on the engine (nothing is pulled), `EngineConflict` when the name is taken. */
  create(spec: ContainerSpec, signal?: AbortSignal): Promise<{ readonly id: string }>;
  /** Nothing happens when it runs already. `ContainerStartFailed` carries `fields.reason` and the engine's words. */
  start(id: string, signal?: AbortSignal): Promise<void>;
  /** Stop signal, `graceSeconds` (default 10), then KILL. Nothing happens when it does not run. */
  stop(id: string, options?: { readonly graceSeconds?: number; readonly signal?: AbortSignal }): Promise<void>;
  /** Sends a signal (default KILL). `EngineConflict` when it does not run. */
  kill(id: string, signalName?: string): Promise<void>;
  /** Resolves when it does not run (at once if so already). */
  wait(id: string, options?: { readonly signal?: AbortSignal }): Promise<WaitResult>;
  /** Nothing happens when it is already gone. `EngineConflict` when it runs and `force` is not set. */
  remove(id: string, options?: { readonly force?: boolean; readonly volumes?: boolean }): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  inspect(id: string, signal?: AbortSignal): Promise<ContainerInfo>;
  list(options?: {
    /** All of these; an empty value means any value. */
    readonly labels?: Readonly<Record<string, string>>;
    /** Also those that do not run. Default false. */
    readonly all?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<ContainerSummary[]>;
  logs(id: string, options?: LogsOptions): AsyncIterable<LogLine>;
  stats(id: string, signal?: AbortSignal): Promise<ContainerStats>;
  /** Runs a command to its end. */
  exec(id: string, spec: ExecSpec & { readonly maxOutputBytes?: number }): Promise<ExecResult>;
  /** Runs a command with its streams in the caller's hands. */
  execStreams(id: string, spec: ExecSpec & { readonly tty?: boolean; readonly stdin?: boolean }): Promise<ExecSession>;
  /** Connects to the main process. Call it before `start` to miss nothing. */
  attach(id: string, options?: { readonly stdin?: boolean; readonly signal?: AbortSignal }): Promise<ProcessStreams>;
  resize(id: string, size: { readonly columns: number; readonly rows: number }): Promise<void>;
  /** Unpacks a tar into the folder `path`, which must exist. */
  putArchive(id: string, path: string, tar: Readable | Buffer, signal?: AbortSignal): Promise<void>;
  /** The file or folder `path` as a tar. */
  getArchive(id: string, path: string, signal?: AbortSignal): Promise<Readable>;
  /** Makes an image of it; answers the image's id. */
  commit(id: string, options: CommitOptions): Promise<string>;
}
