-- DELETE: by key, by condition, with joins and RETURNING; TRUNCATE of a shared table.
BEGIN;
SELECT plan(14);
CREATE SCHEMA delete_rows;
SET search_path = delete_rows, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int, title text) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g % 3, 't' || g FROM generate_series(1, 20) g;
CREATE FUNCTION affected(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;

SELECT is(affected('DELETE FROM t WHERE id = 1'), 1::bigint, 'by key');
SELECT is(affected('DELETE FROM t WHERE id = 1'), 0::bigint, 'by a key that is gone');
SELECT is(affected('DELETE FROM t WHERE id IN (2, 3, 99)'), 2::bigint, 'by several keys');
SELECT is((SELECT count(*) FROM t), 17::bigint, 'gone');
SELECT is(affected('DELETE FROM t WHERE n = 0'), 5::bigint, 'by condition');
SELECT is(affected('DELETE FROM t USING generate_series(4, 5) g WHERE t.id = g'), 2::bigint, 'with a join');
SELECT is(affected('DELETE FROM t USING (VALUES (7), (7)) v(k) WHERE t.id = v.k'), 1::bigint, 'with a join that finds a row twice');
SELECT results_eq('WITH d AS (DELETE FROM t WHERE id = 8 RETURNING id, n, title) SELECT * FROM d', $$VALUES (8::bigint, 2, 't8')$$, 'RETURNING');
SELECT is((SELECT count(*) FROM t WHERE id = 8), 0::bigint, 'gone too');
SELECT is(affected('DELETE FROM t WHERE id = NULL'), 0::bigint, 'by NULL');
SELECT is(affected('DELETE FROM t'), 8::bigint, 'all rows');
SELECT is_empty('SELECT * FROM t', 'an empty table');
INSERT INTO t VALUES (100, 1, 'x'), (101, 1, 'y');
SELECT lives_ok('TRUNCATE t', 'TRUNCATE');
SELECT is_empty('SELECT * FROM t', 'an empty table again');
SELECT * FROM finish();
ROLLBACK;
