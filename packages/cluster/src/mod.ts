/** The one door of the read model. */
export { foldAsOf } from "./as-of.ts";
export { ClusterState } from "./cluster-state.ts";
export type { Change, Entry } from "./entry.ts";
export { type ClusterFollower, type FollowClusterOptions, followCluster } from "./follow.ts";
export { decodeSnapshot, encodeSnapshot, fingerprint, SNAPSHOT_SCHEMA } from "./snapshot.ts";
export type { Table } from "./table.ts";
