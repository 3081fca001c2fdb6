-- INSERT ... RETURNING gives the row as it was stored.
BEGIN;
SELECT plan(4);
CREATE SCHEMA insert_returning;
SET search_path = insert_returning, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int, title text DEFAULT 'untitled') USING kalamdb WITH (type = 'shared');

CREATE FUNCTION run(statement text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE statement; END $$;
SELECT results_eq($$SELECT * FROM run('INSERT INTO t (id, n) VALUES (1, 1), (2, 2) RETURNING id, title') AS r(id bigint, title text)$$,
                  $$VALUES (1::bigint, 'untitled'), (2, 'untitled')$$, 'values and defaults');
SELECT results_eq($$SELECT * FROM run('INSERT INTO t (id, n) VALUES (3, 3) RETURNING n * 2, tableoid::regclass::text') AS r(n int, t text)$$,
                  $$VALUES (6, 't')$$, 'expressions');
SELECT lives_ok('INSERT INTO t (id, n) VALUES (4, 4) RETURNING *', 'all columns');
SELECT results_eq('SELECT id FROM t WHERE n > 2 ORDER BY id', 'VALUES (3::bigint), (4)', 'and the rows are there');
SELECT * FROM finish();
ROLLBACK;
