/** One step of the schema. Its number and name stand for ever; it runs once, in a transaction of its own. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  /** True when a service that does not know this step would misread the log or write nonsense. */
  readonly breaking: boolean;
  /** In `sql/`, run in this order. Functions are `create or replace`, so a later step may name their file again. */
  readonly files: readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    name: "the log and its functions",
    breaking: true,
    files: [
      "tables.sql",
      "known_ids.sql",
      "known_ids_verdict.sql",
      "append_group.sql",
      "append_to_stream.sql",
      "read_events.sql",
      "read_stream.sql",
      "read_head.sql",
      "load_snapshot.sql",
      "save_snapshot.sql",
      "read_schema.sql",
      "service_role.sql",
      "privileges.sql",
    ],
  },
];

/** The newest step that this code knows. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ id }) => id));
