-- A transaction sees its own writes, whatever condition asks for them.
BEGIN;
SELECT plan(10);
CREATE SCHEMA xact_own_writes;
SET search_path = xact_own_writes, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, title text NOT NULL) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g, 'old' FROM generate_series(1, 5) g;

SELECT is((SELECT count(*) FROM t), 5::bigint, 'inserted rows');
UPDATE t SET title = 'new' WHERE id = 2;
SELECT results_eq($$SELECT id, n FROM t WHERE title = 'new'$$, 'VALUES (2::bigint, 2)', 'an updated row by its new value');
SELECT results_eq($$SELECT id FROM t WHERE title = 'old' ORDER BY id$$, 'VALUES (1::bigint), (3), (4), (5)', 'and not by its old one');
SELECT results_eq('SELECT title FROM t WHERE id = 2', $$VALUES ('new')$$, 'by key');
SELECT results_eq('SELECT id, title FROM t WHERE id IN (1, 2) ORDER BY id', $$VALUES (1::bigint, 'old'), (2, 'new')$$, 'by several keys, each once');
DELETE FROM t WHERE id = 3;
SELECT is_empty('SELECT * FROM t WHERE id = 3', 'a deleted row is gone');
SELECT is((SELECT count(*) FROM t), 4::bigint, 'and not counted');
INSERT INTO t VALUES (6, 6, 'six');
UPDATE t SET n = 66 WHERE id = 6;
SELECT results_eq('SELECT n, title FROM t WHERE id = 6', $$VALUES (66, 'six')$$, 'a row inserted and updated');
DELETE FROM t WHERE id = 6;
SELECT is_empty('SELECT * FROM t WHERE id = 6', 'and deleted');
SELECT is((SELECT count(*) FROM t a JOIN t b USING (id)), 4::bigint, 'in joins');
SELECT * FROM finish();
ROLLBACK;
