-- ON CONFLICT DO NOTHING skips rows whose key exists; other forms are refused.
BEGIN;
SELECT plan(9);
CREATE SCHEMA insert_on_conflict;
SET search_path = insert_on_conflict, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t VALUES (1, 1), (2, 2);

CREATE FUNCTION affected(statement text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END $$;

SELECT is(affected('INSERT INTO t VALUES (1, 100) ON CONFLICT DO NOTHING'), 0::bigint, 'a known key');
SELECT is(affected('INSERT INTO t VALUES (3, 3) ON CONFLICT DO NOTHING'), 1::bigint, 'a new key');
SELECT is(affected('INSERT INTO t VALUES (2, 200), (4, 4), (4, 40), (5, 5) ON CONFLICT DO NOTHING'), 2::bigint, 'some of both, one twice');
SELECT is(affected('INSERT INTO t SELECT g, 0 FROM generate_series(1, 600) g ON CONFLICT DO NOTHING'), 595::bigint, 'more than one batch');
SELECT results_eq('SELECT id, n FROM t WHERE id < 6 ORDER BY id', 'VALUES (1::bigint, 1), (2, 2), (3, 3), (4, 4), (5, 5)', 'the first row stays');
CREATE FUNCTION returned(statement text) RETURNS SETOF bigint LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE statement; END $$;
SELECT results_eq($$SELECT returned('INSERT INTO t VALUES (1, 0), (700, 0) ON CONFLICT DO NOTHING RETURNING id')$$, 'VALUES (700::bigint)',
                  'RETURNING gives the inserted rows');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO NOTHING', '42P10', NULL, 'inference is refused');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 5', '42P10', NULL, 'DO UPDATE is refused');
SELECT is((SELECT count(*) FROM t), 601::bigint, 'nothing else came in');
SELECT * FROM finish();
ROLLBACK;
