import type { EventLog } from "@slipway/eventlog";

/** What the bus needs of the log: the relay to copy it, a follower to fill the gaps that the bus cannot. */
export type LogReader = Pick<EventLog, "read" | "head" | "onAppended">;
