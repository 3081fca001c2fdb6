-- kalam_stat: what was sent to each server, and kalam_stat_reset.
BEGIN;
SELECT plan(9);
\ir include/server.psql
SELECT kalam_ping();
SELECT kalam_stat_reset();
SELECT is((SELECT sum(calls) FROM kalam_stat), 0::numeric, 'reset');
SELECT kalam_ping(), kalam_ping();
SELECT kalam_exec('SELECT 1 AS a');
CREATE TEMP VIEW here AS SELECT * FROM kalam_stat WHERE endpoint = :'host' || ':' || :'port';
SELECT is((SELECT calls_by_kind ->> 'Ping' FROM here), '2', 'pings');
SELECT is((SELECT calls_by_kind ->> 'ExecuteQuery' FROM here), '1', 'a query');
SELECT ok((SELECT calls >= 3 FROM here), 'all calls');
SELECT is((SELECT errors FROM here), 0::bigint, 'no errors yet');
SELECT throws_ok($$SELECT kalam_exec('SELECT * FROM stat.nope')$$, '42P01', NULL, 'an error');
SELECT is((SELECT errors_by_kind FROM here), '{"ExecuteQuery": 1}', 'is counted');
SELECT is((SELECT sum(value::bigint) FROM here, jsonb_each_text(latency_us)), (SELECT calls::numeric FROM here),
    'each call has a latency');
SELECT ok((SELECT stats_reset > now() - interval '1 minute' FROM kalam_status()), 'when it was reset');
SELECT * FROM finish();
ROLLBACK;
