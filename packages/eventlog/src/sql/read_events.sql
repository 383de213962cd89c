-- One page of the log in order of position: at most p_limit events in [p_from, p_to] that match every filter given.
-- The page is whole in memory before its first row leaves, so callers ask for pages, not for the log.
create or replace function slipway.read_events(
  p_from bigint, p_to bigint, p_limit integer,
  p_streams text[] default null, p_prefix text default null, p_types text[] default null
) returns setof slipway.events
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan set work_mem = '32MB' as $$
begin
  if p_streams is null and p_prefix is null then
    return query select * from slipway.events e
      where e.position between p_from and p_to and (p_types is null or e.type = any (p_types))
      order by e.position limit p_limit;
  else
    -- "materialized": otherwise the planner may walk the whole log in order of position to find a rare stream.
    return query with hits as materialized (
      select * from slipway.events e
       where (p_streams is null or e.stream = any (p_streams))
         and (p_prefix is null or (e.stream >= p_prefix and e.stream < p_prefix || chr(1114111)))
         and e.position between p_from and p_to and (p_types is null or e.type = any (p_types)))
      select * from hits order by position limit p_limit;
  end if;
end $$;
