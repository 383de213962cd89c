-- A service may call these functions and touch no table. The timeouts guard the one lock that all appenders share.
revoke all on schema slipway from public;
revoke all on all tables in schema slipway from public;
revoke all on all functions in schema slipway from public;
grant usage on schema slipway to slipway_service;
grant execute on function
  slipway.append_group, slipway.append_to_stream, slipway.read_events, slipway.read_stream, slipway.read_head,
  slipway.load_snapshot, slipway.save_snapshot, slipway.read_schema
  to slipway_service;
