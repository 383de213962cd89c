-- Roles belong to the whole server, so another database may have made it already, perhaps at this very moment.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'slipway_service') then
    create role slipway_service login;
    alter role slipway_service set lock_timeout = '5s';
    alter role slipway_service set statement_timeout = '60s';
    alter role slipway_service set idle_in_transaction_session_timeout = '10s';
  end if;
exception when duplicate_object or unique_violation then
  null;
end $$;
