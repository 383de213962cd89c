-- Appends a whole group of batches in one transaction and answers which of them it had to refuse. A refusal concerns
-- its own batch only; batches later in the group see the earlier ones.
--
-- A "check" is what one batch wants of one stream; batches and checks are numbered from 1 in the order of arrival.
--   p_streams        the distinct streams of the group
--   p_check_batch    per check: its batch
--   p_check_stream   per check: index into p_streams
--   p_check_expected per check: the version expected, -1 for any
--   p_check_count    per check: how many events it adds (at least 1)
--   p_event_*        per event: its check, its number within the check (from 0), and the event itself
-- No id may stand in the group twice: the caller holds the second back.
--
-- base is the head before; accepted batches take the positions after it, in order, without a gap.
-- refused is null, or {"<batch>": {"sqlstate": "SW001" | "SW002" | "00000", "detail": {…}}}:
--   SW001  version conflict              {"stream", "expected", "actual"}
--   SW002  some ids known, others not    {"id", "position"}
--   00000  all ids known: a repetition   {"positions": {"<id>": position}}
create or replace function slipway.append_group(
  p_streams text[],
  p_check_batch integer[], p_check_stream integer[], p_check_expected integer[], p_check_count integer[],
  p_event_check integer[], p_event_number integer[], p_event_stream text[],
  p_event_id uuid[], p_event_type text[], p_event_data jsonb[], p_event_meta jsonb[],
  out base bigint, out refused jsonb
) language plpgsql security definer
-- One plan for all groups, for making one takes longer than a small group; and as plans are made while the table is still
-- small, none may walk the log.
set search_path = pg_catalog, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_now       timestamptz;
  v_versions  integer[];   -- per stream: its version, the accepted batches before included
  v_first     bigint[];    -- per check: the position of its first event; 0 when refused
  v_version   integer[];   -- per check: the version of its first event
  v_next      bigint;
  v_checks    constant integer := cardinality(p_check_batch);
  v_check     integer;
  v_end       integer;
  v_stream    integer;
  v_actual    integer;
  v_verdict   jsonb;
  v_known     jsonb;
  v_looked    boolean := false;
  -- A batch that names a version and stands in the log already meets a conflict, so ids are looked up only after one, and
  -- where the table finds a second one: that saves a ninth of the time.
  v_look      boolean := -1 = any (p_check_expected);
begin
  -- From here on this is the only appender, and every statement sees all that was committed before.
  select position, greatest(recorded_at, clock_timestamp()) into strict base, v_now from slipway.head for update;

  loop
    if v_look then
      v_known := slipway.known_ids(p_check_batch, p_event_check, p_event_id);
      v_looked := true;
      v_look := false;
    end if;
    select array_agg(coalesce((select e.version from slipway.events e where e.stream = s.stream
                                order by e.version desc limit 1), 0) order by s.number)
      into v_versions from unnest(p_streams) with ordinality s(stream, number);
    v_first := array_fill(0::bigint, array[v_checks]);
    v_version := array_fill(0, array[v_checks]);
    v_next := base + 1;
    refused := null;

    v_check := 1;
    while v_check <= v_checks and not v_look loop
      v_verdict := null;
      v_end := v_check;
      while v_end <= v_checks and p_check_batch[v_end] = p_check_batch[v_check] loop
        v_actual := v_versions[p_check_stream[v_end]];
        if v_verdict is null and p_check_expected[v_end] <> v_actual and p_check_expected[v_end] >= 0 then
          v_verdict := jsonb_build_object('sqlstate', 'SW001', 'detail', jsonb_build_object(
            'stream', p_streams[p_check_stream[v_end]], 'expected', p_check_expected[v_end], 'actual', v_actual));
          v_look := not v_looked;
        end if;
        v_end := v_end + 1;
      end loop;

      if v_known is not null and v_known ? p_check_batch[v_check]::text then
        v_verdict := slipway.known_ids_verdict(v_known -> p_check_batch[v_check]::text, (
          select count(*) from unnest(p_event_check) c where c between v_check and v_end - 1));
      end if;

      if v_verdict is not null then
        refused := coalesce(refused, '{}') || jsonb_build_object(p_check_batch[v_check], v_verdict);
        v_check := v_end;
      end if;
      while v_check < v_end loop
        v_stream := p_check_stream[v_check];
        v_first[v_check] := v_next;
        v_version[v_check] := v_versions[v_stream] + 1;
        v_versions[v_stream] := v_versions[v_stream] + p_check_count[v_check];
        v_next := v_next + p_check_count[v_check];
        v_check := v_check + 1;
      end loop;
    end loop;
    continue when v_look;
    exit when v_next = base + 1;

    begin
      insert into slipway.events (position, stream, version, id, type, data, meta, recorded_at)
      select v_first[g.in_check] + g.number, g.stream, v_version[g.in_check] + g.number, g.id, g.type, g.data, g.meta, v_now
        from unnest(p_event_check, p_event_number, p_event_stream, p_event_id, p_event_type, p_event_data, p_event_meta)
               g(in_check, number, stream, id, type, data, meta)
       where v_first[g.in_check] > 0;
      exit;
    exception when unique_violation then
      if v_looked then
        raise;
      end if;
      v_look := true;
    end;
  end loop;

  if v_next > base + 1 then
    update slipway.head set position = v_next - 1, recorded_at = v_now;
    -- A nudge with the new head; readers never depend on it.
    perform pg_notify('slipway_head', (v_next - 1)::text);
  end if;
end $$;
