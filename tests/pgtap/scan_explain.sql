-- EXPLAIN shows the remote part; without ANALYZE it asks nothing of the server.
BEGIN;
SELECT plan(9);
CREATE SCHEMA scan_explain;
SET search_path = scan_explain, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t VALUES (1, 1), (2, 2);
CREATE FUNCTION explained(query text, options text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; lines text := '';
BEGIN
    FOR line IN EXECUTE format('EXPLAIN (%s) %s', options, query) LOOP lines := lines || btrim(line) || E'\n'; END LOOP;
    RETURN lines;
END $$;
SELECT alike(explained('SELECT * FROM t', 'VERBOSE'), '%Remote Table: scan_explain.t%', 'the remote table');
SELECT alike(explained('SELECT * FROM t WHERE n = 1', 'VERBOSE'), '%Remote Filter: n = 1%', 'what is pushed');
SELECT alike(explained('SELECT * FROM t', 'ANALYZE'), '%Remote Calls: 1%Remote Rows: 2%Remote Bytes: %Queue Time: %Remote Time: %', 'what came back');
SELECT alike(explained('UPDATE t SET n = 3 WHERE id = 1', 'VERBOSE'), '%Foreign Update on %Remote Lookup: id = %', 'an update without a scan');
SELECT alike(explained('DELETE FROM t WHERE id = 1', 'VERBOSE'), '%Foreign Delete on %Remote Lookup: id = %', 'a delete without a scan');
SELECT alike(explained('UPDATE t SET n = n + 1 WHERE id = 1', 'VERBOSE'), '%Foreign Scan on %', 'an update that needs the row');

CREATE SERVER scan_explain_dead FOREIGN DATA WRAPPER pg_kalam OPTIONS (host '127.0.0.1', port '1');
SET LOCAL kalam.mirror_ddl = off;
CREATE FOREIGN TABLE dead (id bigint OPTIONS (key 'true') NOT NULL, n int) SERVER scan_explain_dead OPTIONS (table_type 'shared');
SELECT lives_ok('EXPLAIN SELECT * FROM dead WHERE id = 1', 'a plain EXPLAIN works without a server');
SELECT lives_ok('EXPLAIN UPDATE dead SET n = 1', 'of an update too');
SELECT throws_like('SELECT * FROM dead', '%127.0.0.1:1%', 'the query does not');
SELECT * FROM finish();
ROLLBACK;
