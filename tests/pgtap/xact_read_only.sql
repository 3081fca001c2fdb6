-- READ ONLY transactions read, and change nothing on either side.
BEGIN;
SELECT plan(11);
CREATE SCHEMA xact_read_only;
SET search_path = xact_read_only, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb;
INSERT INTO t VALUES (1, 1);
SET TRANSACTION READ ONLY;
SELECT is((SELECT count(*) FROM t), 1::bigint, 'reads');
SELECT is((SELECT n FROM t WHERE id = 1), 1, 'looks up');
SELECT throws_ok(statement, '25006', NULL, statement) FROM (VALUES
    ('INSERT INTO t VALUES (2, 2)'), ('UPDATE t SET n = 2 WHERE id = 1'), ('DELETE FROM t'), ('TRUNCATE t'),
    ('ALTER TABLE t ADD COLUMN x int'), ('DROP TABLE t'), ('CREATE TABLE other (id bigint PRIMARY KEY) USING kalamdb'),
    ('WITH d AS (DELETE FROM t RETURNING id) SELECT * FROM d')) AS refused(statement);
SELECT results_eq('SELECT id, n FROM t', 'VALUES (1::bigint, 1)', 'nothing changed');
SELECT * FROM finish();
ROLLBACK;
