/** The one door of the bus: its port, its two carriers, the relay that fills it, and what its server is told. */
export type { Bus } from "./bus.ts";
export type { BusLogger } from "./bus-logger.ts";
export type { Events, FollowOptions } from "./events.ts";
export type { Feed } from "./feed.ts";
export type { AssignmentKey, EndpointsKey } from "./feed-layout.ts";
export { FeedOwner, type FeedOwnerOptions } from "./feed-owner.ts";
export type { FeedChange } from "./feed-watch.ts";
export type { Heartbeats } from "./heartbeats.ts";
export { type ConnectOptions, connectBus } from "./jetstream.ts";
export type { LogReader } from "./log-reader.ts";
export type { LogChunk, LogKey, LogLine, LogReadOptions, Logs } from "./logs.ts";
export { type MemoryBus, type MemoryBusOptions, memoryBus } from "./memory.ts";
export type { Faults } from "./memory-hub.ts";
export {
  type NatsConfigOptions,
  type NatsPermissions,
  type NatsUser,
  permissionsOf,
  renderNatsConfig,
} from "./permissions.ts";
export { type Relay, type RelayOptions, startRelay } from "./relay.ts";
export type { RelayMetrics } from "./relay-metrics.ts";
export type { Report, Reports } from "./reports.ts";
export type { CallOptions, Requests } from "./requests.ts";
export { ensureTopology, type StreamNotes, type StreamSpec, TOPOLOGY, type TopologyOptions } from "./topology.ts";
