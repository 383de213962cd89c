import type { Snapshots } from "@slipway/eventlog";
import { ClusterState } from "./cluster-state.ts";
import type { FollowLogger } from "./follow-logger.ts";
import { decodeSnapshot, encodeSnapshot, SNAPSHOT_SCHEMA } from "./snapshot.ts";

export interface SnapshotKeeperOptions {
  readonly snapshots: Snapshots | undefined;
  /** Whose snapshot it is: the service's name. */
  readonly name: string;
  /** Events between two snapshots. */
  readonly every: number;
  readonly logger: FollowLogger | undefined;
}

/** Loads a fold's snapshot and writes new ones. A snapshot only saves time: its loss or failure is logged, never thrown. */
export class SnapshotKeeper {
  readonly #options: SnapshotKeeperOptions;
  #savedAt = 0;
  #saving: Promise<void> | undefined;

  constructor(options: SnapshotKeeperOptions) {
    this.#options = options;
  }

  /** The state of the newest snapshot, or an empty one. A snapshot from beyond `head` is of another log. */
  async load(head: number): Promise<ClusterState> {
    const { snapshots, name, logger } = this.#options;
    try {
      const snapshot = await snapshots?.load(name, SNAPSHOT_SCHEMA);
      if (snapshot === undefined) return new ClusterState();
      const state = decodeSnapshot(snapshot.data);
      if (state.position <= head) {
        this.#savedAt = state.position;
        return state;
      }
      logger?.warn({ snapshot: state.position, head }, "snapshot is ahead of the log and is passed over");
    } catch (error) {
      logger?.warn({ error }, "snapshot not loaded");
    }
    return new ClusterState();
  }

  /** Begins to write a snapshot when enough has happened since the last one. */
  offer(state: ClusterState): void {
    if (this.#saving === undefined && state.position - this.#savedAt >= this.#options.every) this.#begin(state);
  }

  /** Writes a last snapshot when it is worth the next start's time, and waits for it. */
  async finish(state: ClusterState): Promise<void> {
    await this.#saving;
    if (state.position - this.#savedAt >= this.#options.every / 10) this.#begin(state);
    await this.#saving;
  }

  #begin(state: ClusterState): void {
    const { snapshots, name, logger } = this.#options;
    if (snapshots === undefined) return;
    const { position } = state;
    this.#savedAt = position;
    this.#saving = encodeSnapshot(state)
      .then((data) => snapshots.save(name, SNAPSHOT_SCHEMA, position, data))
      .catch((error: unknown) => logger?.warn({ error, position }, "snapshot not saved"))
      .finally(() => {
        this.#saving = undefined;
      });
  }
}
