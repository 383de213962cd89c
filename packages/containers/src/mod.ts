/** The one door to containers: the port, the Docker Engine behind it, and an engine in memory for tests. */
export type {
  Bind,
  CommitOptions,
  ContainerInfo,
  ContainerSpec,
  ContainerState,
  ContainerStats,
  ContainerStatus,
  ContainerSummary,
  Containers,
  ExecResult,
  ExecSession,
  ExecSpec,
  LogsOptions,
  NetworkMode,
  PortBinding,
  ProcessStreams,
  Resources,
  WaitResult,
} from "./container.ts";
export { type DockerEngineOptions, dockerEngine } from "./docker/engine.ts";
export { type FakeEngine, type FakeEngineOptions, fakeEngine, runs } from "./fake/engine.ts";
export type { FakeBuild, FakeRegistry } from "./fake/images.ts";
export { fakeCommand, type Program } from "./fake/programs.ts";
export type {
  BuildOptions,
  ImageInfo,
  ImageSummary,
  Images,
  Progress,
  RegistryAuth,
  TransferOptions,
} from "./image.ts";
export type { LogLine } from "./log-line.ts";
export type { NetworkInfo, NetworkSpec, Networks } from "./network.ts";
export { type PackSource, packFolders } from "./pack-folders.ts";
export type { ContainerEngine, ContainerEvent, EngineEvent, EngineInfo, EventsOptions } from "./port.ts";
export { readLines } from "./read-lines.ts";
export { withTag } from "./reference.ts";
