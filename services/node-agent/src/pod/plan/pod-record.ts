import type { AssignmentValue } from "@slipway/domain";

/** What the agent must know about a pod that the engine cannot tell; kept in a file, so that it survives the agent. */
export interface PodRecord {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  /** The last wish heard: a host that boots without the bus starts its pods all the same. */
  readonly assignment?: AssignmentValue;
  /** The last sandbox that ran; when it is gone, the pod has lost it. */
  readonly sandboxId?: string;
  /** How many sandboxes were made. */
  readonly sandboxes: number;
  readonly containers: Readonly<Record<string, ContainerRecord>>;
  /** Containers that the agent is stopping, by id. */
  readonly stopping: Readonly<Record<string, Stopping>>;
  /** Containers whose end the gateway has taken in, by id: it is not told again after a restart of the agent. */
  readonly toldExits: readonly string[];
  /** How the pod ended by itself: from then on nothing runs again. */
  readonly finished?: { readonly succeeded: boolean; readonly message: string; readonly at: string };
}

/** What is known of one container over all its runs. */
export interface ContainerRecord {
  /** How often it was made: the next run's restart count. */
  readonly runs: number;
  readonly lastId: string;
  readonly lastStartedAt: string;
  readonly backoffStep: number;
}

interface Stopping {
  readonly sinceMs: number;
  readonly graceMs: number;
  /** LivenessProbeFailed, SpecChanged, SandboxLost or Deleted. */
  readonly reason: string;
}

export const newPodRecord = (uid: string, project: string, name: string): PodRecord => ({
  uid,
  project,
  name,
  sandboxes: 0,
  containers: {},
  stopping: {},
  toldExits: [],
});

/**
 * What this agent process has reported of a pod. Not kept: after a restart everything that stands is reported again,
 * with the same event ids, and the gateway drops what it knows.
 */
export interface PodReported {
  readonly sandboxId?: string;
  readonly lostSandboxId?: string;
  readonly containers: Readonly<Record<string, ContainerReported>>;
  readonly finished?: boolean;
  /** Set by who carried the plan out: nothing is left, and that is told. */
  readonly stopped?: boolean;
}

export interface ContainerReported {
  readonly startedId?: string;
  readonly exitedId?: string;
  /** Reason and occasion of the last waiting: repeated only when one of them changes. */
  readonly waiting?: string;
  /** Of the run `startedId`. */
  readonly ready?: boolean;
}

export const NOTHING_REPORTED: PodReported = { containers: {} };
