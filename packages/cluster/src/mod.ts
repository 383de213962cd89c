/** The one door of the read model. */
export { ClusterState } from "./cluster-state.ts";
export { endpointsOf } from "./endpoints-view.ts";
export type { Change, Entry } from "./entry.ts";
export { fingerprint } from "./fingerprint.ts";
export { foldAsOf } from "./fold-as-of.ts";
export { type ChangeListener, type ClusterFollower, type FollowClusterOptions, followCluster } from "./follow.ts";
export type { FollowLogger } from "./follow-logger.ts";
export { replicaCounts } from "./replica-counts.ts";
export { routeAdmission, routesTo } from "./route-admission.ts";
export { isUnreachable, serviceEndpoints } from "./service-endpoints.ts";
export { decodeSnapshot, encodeSnapshot, SNAPSHOT_SCHEMA } from "./snapshot.ts";
export type { Table } from "./table.ts";
export { type ListOptions, listView, type ObjectView, type ViewOf, type ViewOptions, viewOf } from "./view.ts";
