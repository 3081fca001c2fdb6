-- Who may call kalam_exec: nobody without a grant, since the server runs it with full rights.
BEGIN;
SELECT plan(4);
\ir include/as_role.psql
CREATE ROLE exec_rights;
SELECT throws_ok($$SELECT pg_temp.ask_as('exec_rights', 'SELECT kalam_exec(''SELECT 1 AS a'')')$$, '42501',
    'permission denied for function kalam_exec', 'not for everybody');
GRANT EXECUTE ON FUNCTION kalam_exec TO exec_rights;
SELECT is(pg_temp.ask_as('exec_rights', 'SELECT kalam_exec(''SELECT 1 AS a'')'), '[{"a":1}]', 'granted');
REVOKE USAGE ON FOREIGN SERVER kalam_server FROM PUBLIC;
SELECT throws_ok($$SELECT pg_temp.ask_as('exec_rights', 'SELECT kalam_exec(''SELECT 1 AS a'')')$$, '42501',
    'permission denied for foreign server kalam_server', 'the server must be granted too');
SELECT throws_ok($$SELECT pg_temp.ask_as('exec_rights', 'SELECT kalam_stat_reset()')$$, '42501',
    'permission denied for function kalam_stat_reset', 'nor may everybody reset the counters');
SELECT * FROM finish();
ROLLBACK;
