create schema if not exists slipway;

create table if not exists slipway.migrations (
  id         integer primary key,
  name       text not null,
  breaking   boolean not null,   -- services that do not know it must not run
  applied_at timestamptz not null default clock_timestamp()
);
