-- A remote table that is gone, or not as the local definition says: 42P01 with the server's words, for every statement.
BEGIN;
SELECT plan(6);
CREATE SCHEMA scan_missing_table;
SET search_path = scan_missing_table, public;
SET LOCAL kalam.mirror_ddl = off;
CREATE FOREIGN TABLE gone (id bigint OPTIONS (key 'true') NOT NULL, n int, _seq bigint) SERVER kalam_server
    OPTIONS (namespace 'scan_missing_table', "table" 'gone', table_type 'shared');
SELECT throws_ok('SELECT * FROM gone', '42P01', NULL, 'a scan');
SELECT throws_ok('SELECT * FROM gone WHERE id = 1', '42P01', NULL, 'a lookup');
SELECT throws_imatching('SELECT * FROM gone', 'gone', 'names the table');
SELECT throws_ok('DELETE FROM gone', '42P01', NULL, 'a delete');
SELECT throws_ok('SELECT kalam_exec(''SELECT * FROM scan_missing_table.gone'')', '42P01', NULL, 'kalam_exec');
SELECT lives_ok('EXPLAIN (VERBOSE) SELECT * FROM gone', 'a plan needs no server');
SELECT * FROM finish();
ROLLBACK;
