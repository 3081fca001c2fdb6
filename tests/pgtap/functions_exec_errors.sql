-- kalam_exec of what the server refuses: its words, with an SQLSTATE.
BEGIN;
SELECT plan(8);
SELECT throws_ok($$SELECT kalam_exec('')$$, '42601', 'sql must not be empty', 'nothing');
SELECT throws_ok($$SELECT kalam_exec('SELEC 1')$$, '42601', NULL, 'not SQL');
SELECT throws_ok($$SELECT kalam_exec('SELECT * FROM exec_errors.nope')$$, '42P01',
    'Table not found: Error during planning: table ''kalam.exec_errors.nope'' not found', 'no such table');
SELECT throws_ok($$SELECT kalam_exec('DROP NAMESPACE exec_errors')$$, '3F000',
    'Not found: Namespace ''exec_errors'' not found', 'no such namespace');
SELECT throws_ok($$SELECT kalam_exec('BEGIN')$$, '0A000', NULL, 'a transaction of its own');
SELECT throws_ok($$SELECT kalam_exec('SELECT 1', 'nope')$$, '42704', 'KalamDB server "nope" does not exist',
    'no such server');
CREATE FOREIGN DATA WRAPPER other;
CREATE SERVER not_ours FOREIGN DATA WRAPPER other;
SELECT throws_ok($$SELECT kalam_exec('SELECT 1', 'not_ours')$$, '42704', NULL, 'a server of another wrapper');
SELECT is(kalam_exec('SELECT 1 AS a'), '[{"a":1}]', 'the session still works');
SELECT * FROM finish();
ROLLBACK;
