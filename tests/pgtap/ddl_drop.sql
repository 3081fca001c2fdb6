-- DROP TABLE and DROP FOREIGN TABLE: locally at once, remotely when the transaction commits (tests/session/test_ddl.py).
BEGIN;
SELECT plan(9);
\ir include/remote.psql

CREATE SCHEMA pgtap_drop;
CREATE TABLE pgtap_drop.a (id bigint PRIMARY KEY) USING kalamdb;
CREATE TABLE pgtap_drop.b (id bigint PRIMARY KEY) USING kalamdb;
CREATE TABLE pgtap_drop.c (id bigint PRIMARY KEY) USING kalamdb;
CREATE TABLE pgtap_drop.plain (id int);
SAVEPOINT s;
SELECT lives_ok('DROP TABLE pgtap_drop.a', 'DROP TABLE takes a KalamDB table');
SELECT hasnt_foreign_table('pgtap_drop', 'a', 'it is gone here');
SELECT is(pg_temp.remote_tables('pgtap_drop'), 'a, b, c', 'the remote table waits for the commit');
ROLLBACK TO s;
SELECT has_foreign_table('pgtap_drop', 'a', 'a rollback brings it back');
SELECT lives_ok('SELECT * FROM pgtap_drop.a', 'whole');
SELECT lives_ok('DROP TABLE pgtap_drop.plain, pgtap_drop.a, pgtap_drop.b', 'several, of both kinds');
SELECT lives_ok('DROP TABLE IF EXISTS pgtap_drop.plain, pgtap_drop.nosuch', 'IF EXISTS');
SELECT throws_ok('DROP TABLE pgtap_drop.nosuch', '42P01', NULL, 'a table that is not there');
SELECT lives_ok('DROP FOREIGN TABLE pgtap_drop.c', 'DROP FOREIGN TABLE');

SELECT * FROM finish();
ROLLBACK;
