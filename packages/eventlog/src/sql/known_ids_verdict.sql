-- What becomes of a batch of p_count events of which some ids ({"<id>": position}) stand in the log already.
create or replace function slipway.known_ids_verdict(p_known jsonb, p_count bigint) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_id text;
begin
  if (select count(*) from jsonb_object_keys(p_known)) = p_count then
    return jsonb_build_object('sqlstate', '00000', 'detail', jsonb_build_object('positions', p_known));
  end if;
  select min(k) into v_id from jsonb_object_keys(p_known) k;
  return jsonb_build_object('sqlstate', 'SW002', 'detail', jsonb_build_object('id', v_id, 'position', p_known -> v_id));
end $$;
