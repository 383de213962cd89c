-- The last position; 0 when the log is empty.
create or replace function slipway.read_head() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select position from slipway.head;
$$;
