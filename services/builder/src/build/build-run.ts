import type { ContainerEngine } from "@slipway/containers";
import type { Clock } from "@slipway/kernel";
import type { BuildJson, GitSourceRevisionJson } from "@slipway/proto";
import type { ImageStreamLookup } from "../image/resolve-image.ts";
import type { BuildLog } from "./build-log.ts";
import type { BuildSettings } from "./build-settings.ts";

/** The parts of a build that its status shows, in their order. */
export type BuildStage = "FetchInputs" | "PullImages" | "Build" | "PushImage";

/** One run of one build: everything its steps need. */
export interface BuildRun {
  readonly project: string;
  readonly name: string;
  readonly uid: string;
  readonly build: BuildJson;
  /** A folder of its own, removed at the end. */
  readonly workDir: string;
  readonly settings: BuildSettings;
  readonly engine: ContainerEngine;
  readonly streams: ImageStreamLookup;
  readonly clock: Clock;
  readonly log: BuildLog;
  /** Aborts with a `BuildAborted`. */
  readonly signal: AbortSignal;
  /** Records that a part begins. */
  readonly stage: (stage: BuildStage) => Promise<void>;
  readonly sourceFetched: (revision: GitSourceRevisionJson) => Promise<void>;
}

/** The source as it lies in the work folder. */
export interface FetchedSource {
  /** The folder that is built: the context directory. */
  readonly folder: string;
  /** Absent without git. */
  readonly revision?: GitSourceRevisionJson;
}
