create or replace function slipway.load_snapshot(p_projection text, p_schema integer, out "position" bigint, out data bytea)
returns setof record
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.position, s.data from slipway.snapshots s where s.projection = p_projection and s.schema = p_schema;
$$;
