-- The newest migration that a reader has to know, so that an old service refuses a database it would misread.
create or replace function slipway.read_schema() returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select max(id) from slipway.migrations where breaking;
$$;
