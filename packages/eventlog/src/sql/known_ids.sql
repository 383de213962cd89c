-- Which ids of a group stand in the log already: {"<batch>": {"<id>": position}}, or null when none does.
create or replace function slipway.known_ids(p_check_batch integer[], p_event_check integer[], p_event_id uuid[])
returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  -- Almost always none, and this is the cheaper question.
  if not exists (select from slipway.events e where e.id = any (p_event_id)) then
    return null;
  end if;
  return (
    select jsonb_object_agg(batch, ids) from (
      select batch, jsonb_object_agg(id, position) as ids from (
        select p_check_batch[g.in_check] as batch, g.id,
               (select e.position from slipway.events e where e.id = g.id) as position
          from unnest(p_event_id, p_event_check) g(id, in_check)) looked_up
       where position is not null group by batch) by_batch);
end $$;
