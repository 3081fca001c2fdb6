-- A changed key is a delete and an insert in one transaction.
BEGIN;
SELECT plan(7);
CREATE SCHEMA update_key;
SET search_path = update_key, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int, title text) USING kalamdb WITH (type = 'shared');
INSERT INTO t VALUES (1, 10, 'a'), (2, 20, 'b'), (3, 30, NULL);

SELECT lives_ok('UPDATE t SET id = 11 WHERE id = 1', 'a new key');
SELECT results_eq('SELECT id, n, title FROM t ORDER BY id', $$VALUES (2::bigint, 20, 'b'), (3, 30, NULL), (11, 10, 'a')$$, 'moves the row');
SELECT lives_ok('UPDATE t SET id = id, n = 21 WHERE id = 2', 'the same key');
SELECT results_eq('SELECT id, n FROM t WHERE id = 2', 'VALUES (2::bigint, 21)', 'stays');
SELECT lives_ok('UPDATE t SET id = id + 100, n = n + 1', 'all keys');
SELECT results_eq('SELECT id, n FROM t ORDER BY id', 'VALUES (102::bigint, 22), (103, 31), (111, 11)', 'move');
SELECT throws_ok('UPDATE t SET id = NULL WHERE id = 102', '23502', NULL, 'a key is not NULL');
SELECT * FROM finish();
ROLLBACK;
