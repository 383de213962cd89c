-- Keeps the newer of two snapshots, and those of the schema before this one: its readers may still be running.
create or replace function slipway.save_snapshot(p_projection text, p_schema integer, p_position bigint, p_data bytea)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into slipway.snapshots as kept (projection, schema, position, data)
  values (p_projection, p_schema, p_position, p_data)
  on conflict (projection, schema) do update set position = excluded.position, data = excluded.data
    where kept.position <= excluded.position;
  delete from slipway.snapshots where projection = p_projection and schema < p_schema - 1;
$$;
