-- For psql and for clients in other languages: appends to one stream, or raises. Conflicts have SQLSTATE SW001, reused
-- ids SW002, each with the facts as JSON in DETAIL. p_expected null waives the check.
-- p_events: [{"id": uuid, "type": text, "data": {…}}, …]. Answers the position of the last event.
create or replace function slipway.append_to_stream(p_stream text, p_expected integer, p_events jsonb, p_meta jsonb)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_count   constant integer := coalesce(jsonb_array_length(p_events), 0);
  v_base    bigint;
  v_refused jsonb;
begin
  if v_count = 0 then
    raise exception 'A batch needs at least one event.' using errcode = 'SW004';
  end if;
  select g.base, g.refused -> '1' into v_base, v_refused
    from (select array_agg((e.value ->> 'id')::uuid order by e.ordinality) as ids,
                 array_agg(e.value ->> 'type' order by e.ordinality) as types,
                 array_agg(e.value -> 'data' order by e.ordinality) as data
            from jsonb_array_elements(p_events) with ordinality e) a,
         slipway.append_group(
           array[p_stream], array[1], array[1], array[coalesce(p_expected, -1)], array[v_count],
           array_fill(1, array[v_count]), array(select generate_series(0, v_count - 1)),
           array_fill(p_stream, array[v_count]),
           a.ids, a.types, a.data, array_fill(p_meta, array[v_count])) g;
  if v_refused is null then
    return v_base + v_count;
  elsif v_refused ->> 'sqlstate' = '00000' then
    return (select max(p.value::bigint) from jsonb_each_text(v_refused #> '{detail,positions}') p);
  end if;
  raise exception using errcode = v_refused ->> 'sqlstate', detail = v_refused ->> 'detail',
    message = case v_refused ->> 'sqlstate' when 'SW001' then 'The stream has another version than expected.'
                                            else 'Some of these event ids are in the log already.' end;
end $$;
