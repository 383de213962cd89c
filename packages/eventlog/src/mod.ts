/** The one door of the log: its port, its two implementations, and what runs around them. */
export type {
  AppendResult,
  EventLog,
  ExpectedVersion,
  ReadOptions,
  ReadStreamOptions,
  Snapshot,
  Snapshots,
  StreamAppend,
} from "./port.ts";
