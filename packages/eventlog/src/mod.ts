/** The one door of the log: its port, its two implementations, and what runs around them. */
export {
  type CommandResult,
  type Conflict,
  conflictOf,
  type DecideAndAppendOptions,
  decideAndAppend,
  type Folded,
  type HandleCommandOptions,
  handleCommand,
} from "./command-handler.ts";
export { MemoryEventLog, type MemoryEventLogOptions } from "./memory.ts";
export { MemorySnapshots } from "./memory-snapshots.ts";
export { MemoryStore } from "./memory-store.ts";
export { type MigrateOptions, migrate } from "./migrate.ts";
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
export { PostgresEventLog, type PostgresEventLogOptions } from "./postgres.ts";
export { MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from "./prepare.ts";
export { runSql } from "./run-sql.ts";
export { urlForRole } from "./server/address.ts";
export { type PostgresServer, type PostgresServerOptions, startPostgresServer } from "./server/server.ts";
