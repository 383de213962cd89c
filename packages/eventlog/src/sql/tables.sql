-- The log. Nothing but append_group writes here; the trigger below holds everybody else to "never rewritten".
create table slipway.events (
  position    bigint primary key,            -- gapless, from 1, in commit order
  stream      text collate "C" not null,     -- <kind>/<project>/<name>
  version     integer not null,              -- gapless, from 1, within the stream
  id          uuid not null,
  type        text collate "C" not null,
  data        jsonb not null,                -- proto3 JSON
  meta        jsonb not null,                -- actor, source, correlation, causation, traceparent
  recorded_at timestamptz not null,          -- never runs backwards along position
  constraint events_stream_version unique (stream, version),
  constraint events_id unique (id)
);

-- One row: whoever locks it may append. An uncommitted append rolls it back too, so no position is ever lost.
create table slipway.head (
  one         boolean primary key default true check (one),
  position    bigint not null,
  recorded_at timestamptz not null
) with (fillfactor = 10);

insert into slipway.head (position, recorded_at) values (0, '-infinity');

create table slipway.snapshots (
  projection text collate "C" not null,
  schema     integer not null,
  position   bigint not null,
  data       bytea not null,
  primary key (projection, schema)
);

-- Writers compress as they see fit.
alter table slipway.snapshots alter column data set storage external;

create function slipway.refuse_rewrite() returns trigger language plpgsql as $$
begin
  raise exception 'Events are never rewritten.' using errcode = 'SW003';
end $$;

create trigger events_are_for_ever before update or delete or truncate on slipway.events
  for each statement execute function slipway.refuse_rewrite();
