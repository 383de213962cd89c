import type { Readable } from "node:stream";

/** How to log in to one registry. */
export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  /** Host and port; needed only in a build, which may pull from several. */
  readonly serverAddress?: string;
}

export interface ImageInfo {
  /** `sha256:…` of its configuration. */
  readonly id: string;
  readonly tags: readonly string[];
  /** `repo@sha256:…` each, known only for what was pulled or pushed. */
  readonly repoDigests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string;
  readonly workingDir: string;
  /** `8080/tcp` each. */
  readonly exposedPorts: readonly string[];
  readonly onBuild: readonly string[];
  readonly volumes: readonly string[];
  readonly stopSignal: string;
  readonly architecture: string;
  readonly createdAt: string;
  readonly sizeBytes: number;
}

export interface ImageSummary {
  readonly id: string;
  readonly tags: readonly string[];
  readonly repoDigests: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly sizeBytes: number;
}

/** One step of a pull or push. */
export interface Progress {
  /** The layer, or absent for a sentence about the whole. */
  readonly id?: string;
  readonly status: string;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
}

export interface TransferOptions {
  readonly auth?: RegistryAuth;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface BuildOptions {
  /** Path within the context. Default `Dockerfile`. */
  readonly dockerfile?: string;
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
  /** Asks the registry for a newer base image even when one is here. */
  readonly forcePull?: boolean;
  /** `host`, `none`, a network's name or `container:<id>`. */
  readonly networkMode?: string;
  /** Stops after this stage. */
  readonly target?: string;
  readonly memoryBytes?: number;
  readonly cpuShares?: number;
  readonly extraHosts?: readonly string[];
  readonly auths?: readonly RegistryAuth[];
  /** One call a line of the build's output, without its newline. */
  readonly onLog?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The images of one engine. A reference without tag or digest means `:latest`. */
export interface Images {
  /** `ImageNotFound` when it is not on the engine. */
  inspect(ref: string, signal?: AbortSignal): Promise<ImageInfo>;
  list(options?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly dangling?: boolean;
  }): Promise<ImageSummary[]>;
  /**
   * `ImagePullFailed` with `fields.reason`: `NotFound`, `Unauthorized`, `Network`, `InvalidName`, `DiskFull` or
   * `Unknown`.
   */
  pull(ref: string, options?: TransferOptions): Promise<void>;
  /** Answers the manifest's digest, `sha256:…`. `ImagePushFailed` with the reasons of a pull. */
  push(ref: string, options?: TransferOptions): Promise<{ readonly digest: string; readonly sizeBytes: number }>;
  tag(source: string, target: string): Promise<void>;
  /** Nothing happens when it is already gone. `EngineConflict` when containers use it and `force` is not set. */
  remove(ref: string, options?: { readonly force?: boolean }): Promise<void>;
  /**
   * Builds a Dockerfile; `context` is a tar, gzipped or not. Answers the image's id. `ImageBuildFailed` carries
   * `fields.reason`: `Dockerfile` (cannot be read or understood), `Step` (a command failed; `fields.exitCode`),
   * `PullBaseImage`, `DiskFull`, `OutOfMemory` or `Unknown`.
   */
  build(context: Readable | Buffer, options: BuildOptions): Promise<string>;
  /** A root file system's tar as an image of one layer; `changes` are Dockerfile lines. Answers the image's id. */
  importRootfs(
    tar: Readable | Buffer,
    ref: string,
    options?: { readonly changes?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<string>;
  /** Takes in what `save` wrote. */
  load(tar: Readable, signal?: AbortSignal): Promise<void>;
  save(refs: readonly string[], signal?: AbortSignal): Promise<Readable>;
}
