import { type BusLogger, silentLogger } from "./bus-logger.ts";
import { type Events, makeEvents } from "./events.ts";
import { type Feed, makeFeed } from "./feed.ts";
import { type AssignmentKey, assignmentsLayout, type EndpointsKey, endpointsLayout } from "./feed-layout.ts";
import { type Heartbeats, makeHeartbeats } from "./heartbeats.ts";
import { type Logs, makeLogs } from "./logs.ts";
import { makeReports, type Reports } from "./reports.ts";
import { makeRequests, type Requests } from "./requests.ts";
import type { Transport } from "./transport.ts";

/** What carries everything between the services. Errors: `BusUnavailable` (Transient) when the bus cannot be reached. */
export interface Bus {
  readonly events: Events;
  /** What each node should run; owned by the scheduler. */
  readonly assignments: Feed<AssignmentKey>;
  /** What stands behind each service; owned by the replicator. */
  readonly endpoints: Feed<EndpointsKey>;
  readonly reports: Reports;
  readonly logs: Logs;
  readonly heartbeats: Heartbeats;
  readonly requests: Requests;
  /** What the bus runs on: for the relay and the topology, not for services. */
  readonly transport: Transport;
  status(): { readonly connected: boolean };
  /** Ends the connection. Readers that still run end as if their signal had aborted. */
  close(): Promise<void>;
}

export const makeBus = (transport: Transport, logger: BusLogger = silentLogger): Bus => ({
  events: makeEvents(transport),
  assignments: makeFeed(transport, assignmentsLayout),
  endpoints: makeFeed(transport, endpointsLayout),
  reports: makeReports(transport, logger),
  logs: makeLogs(transport),
  heartbeats: makeHeartbeats(transport),
  requests: makeRequests(transport, logger),
  transport,
  status: () => ({ connected: transport.connected() }),
  close: () => transport.close(),
});
