-- INSERT ... DEFAULT VALUES: every column has its default, remote ones and local ones.
BEGIN;
SELECT plan(4);
CREATE SCHEMA insert_default_values;
SET search_path = insert_default_values, public;
CREATE TABLE t (id bigint PRIMARY KEY DEFAULT snowflake_id(), n int DEFAULT 3, who text DEFAULT upper('local'), x text) USING kalamdb;
SELECT results_eq('WITH i AS (INSERT INTO t DEFAULT VALUES RETURNING n, who, x) SELECT * FROM i', $$VALUES (3, 'LOCAL', NULL::text)$$, 'RETURNING shows them');
SELECT lives_ok('INSERT INTO t DEFAULT VALUES', 'again, for the key is new each time');
SELECT results_eq('SELECT n, who, x, id > 0 FROM t', $$VALUES (3, 'LOCAL', NULL::text, true), (3, 'LOCAL', NULL, true)$$, 'both rows are stored');
UPDATE t SET n = DEFAULT, x = DEFAULT;
SELECT is((SELECT count(*) FROM t WHERE n = 3 AND x IS NULL), 2::bigint, 'DEFAULT in an update');
SELECT * FROM finish();
ROLLBACK;
