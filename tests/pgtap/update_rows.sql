-- UPDATE: by key, by condition, from other tables; counts, NULLs, RETURNING.
BEGIN;
SELECT plan(23);
CREATE SCHEMA update_rows;
SET search_path = update_rows, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL, title text, flag boolean) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g * 10, 't' || g, g % 2 = 0 FROM generate_series(1, 6) g;
CREATE FUNCTION affected(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;

SELECT is(affected('UPDATE t SET n = 11 WHERE id = 1'), 1::bigint, 'by key');
SELECT is(affected('UPDATE t SET n = 11 WHERE id = 99'), 0::bigint, 'by a key that is not there');
SELECT is(affected('UPDATE t SET n = NULL WHERE id = 99'), 0::bigint, 'to a NULL that no row gets');
SELECT is(affected('UPDATE t SET n = 11 WHERE id = 1'), 1::bigint, 'to the value it has');
SELECT results_eq('SELECT n, title, flag FROM t WHERE id = 1', $$VALUES (11, 't1', false)$$, 'other columns stay');
SELECT is(affected('UPDATE t SET n = n + 1, title = title || ''!'' WHERE id = 1'), 1::bigint, 'from its own values');
SELECT results_eq('SELECT n, title FROM t WHERE id = 1', $$VALUES (12, 't1!')$$, 'computed');
SELECT is(affected('UPDATE t SET title = NULL WHERE flag'), 3::bigint, 'by condition');
SELECT is((SELECT count(*) FROM t WHERE title IS NULL), 3::bigint, 'to NULL');
SELECT is(affected('UPDATE t SET n = 0 WHERE id IN (2, 3, 77)'), 2::bigint, 'by several keys');
SELECT is(affected('UPDATE t SET n = v.n FROM (VALUES (4::bigint, 44), (5, 55), (5, 56), (9, 9)) v(k, n) WHERE t.id = v.k'), 2::bigint,
          'from a join, each row once');
SELECT is((SELECT n FROM t WHERE id = 4), 44, 'with the join''s value');
SELECT is(affected('UPDATE t SET n = n + (SELECT max(n) FROM t) WHERE id = 6'), 1::bigint, 'with a subquery');
SELECT is((SELECT n FROM t WHERE id = 6), 120, 'that saw the rows from before');
SELECT is(affected('UPDATE t SET n = 1'), 6::bigint, 'all rows');
SELECT is((SELECT sum(n) FROM t), 6::bigint, 'changed');
SELECT throws_ok('UPDATE t SET n = NULL WHERE id = 1', '23502', NULL, 'NULL in a NOT NULL column, by key');
SELECT throws_ok('UPDATE t SET n = NULL WHERE flag', '23502', NULL, 'NULL in a NOT NULL column, by condition');

CREATE FUNCTION returned(statement text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE statement; END $$;
SELECT results_eq($$SELECT * FROM returned('UPDATE t SET n = 5 WHERE id = 3 RETURNING id, n, title') AS r(id bigint, n int, t text)$$,
                  $$VALUES (3::bigint, 5, 't3')$$, 'RETURNING');
SELECT results_eq($$WITH u AS (UPDATE t SET n = 6 WHERE id < 3 RETURNING id) SELECT * FROM u ORDER BY 1$$, 'VALUES (1::bigint), (2)',
                  'in a WITH query');
PREPARE set_n(int, bigint) AS UPDATE t SET n = $1 WHERE id = $2;
SET LOCAL plan_cache_mode = force_generic_plan;
SELECT lives_ok('EXECUTE set_n(77, 4)', 'prepared');
SELECT is((SELECT n FROM t WHERE id = 4), 77, 'with its parameters');
SELECT lives_ok('EXECUTE set_n(78, NULL)', 'with a NULL key');
SELECT * FROM finish();
ROLLBACK;
