-- The events of one stream from a version on, in order of version.
create or replace function slipway.read_stream(p_stream text, p_from_version integer)
returns setof slipway.events
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select * from slipway.events where stream = p_stream and version >= p_from_version order by version;
$$;
