-- ON CONFLICT DO NOTHING, also (key), skips rows whose key exists; other forms are refused.
BEGIN;
SELECT plan(22);
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

-- The key may be named: it is the only thing that is unique.
SELECT is(affected('INSERT INTO t VALUES (1, 0), (800, 0) ON CONFLICT (id) DO NOTHING'), 1::bigint, 'ON CONFLICT (key)');
PREPARE put(bigint) AS INSERT INTO t AS x VALUES ($1, 0) ON CONFLICT (id) DO NOTHING RETURNING id;
SELECT results_eq('EXECUTE put(801)', 'VALUES (801::bigint)', 'prepared');
SELECT is_empty('EXECUTE put(801)', 'prepared, again');
SELECT results_eq('WITH new AS (INSERT INTO t VALUES (1, 0), (802, 0) ON CONFLICT (id) DO NOTHING RETURNING id) SELECT id FROM new',
                  'VALUES (802::bigint)', 'in a WITH');
CREATE FUNCTION put(bigint) RETURNS SETOF bigint LANGUAGE sql AS $$ INSERT INTO t VALUES ($1, 0) ON CONFLICT (id) DO NOTHING RETURNING id $$;
SELECT results_eq('SELECT put(g) FROM generate_series(802, 803) g', 'VALUES (803::bigint)', 'in a function');
CREATE VIEW v AS SELECT n AS number, id AS key FROM t;
SELECT is(affected('INSERT INTO v VALUES (0, 803), (0, 804) ON CONFLICT (key) DO NOTHING'), 1::bigint, 'through a view');
SELECT lives_ok('EXPLAIN INSERT INTO t VALUES (1, 0) ON CONFLICT (id) DO NOTHING', 'EXPLAIN');
DELETE FROM t WHERE id >= 800;

SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (n) DO NOTHING', '42P10', NULL, 'another column');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (id, n) DO NOTHING', '42P10', NULL, 'another column beside the key');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT ((id + 1)) DO NOTHING', '42P10', NULL, 'an expression');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (id) WHERE n > 0 DO NOTHING', '42P10', NULL, 'a part of an index');
CREATE TABLE keyless (n int) USING kalamdb WITH (type = 'stream', ttl_seconds = 600);
SELECT throws_ok('INSERT INTO keyless VALUES (1) ON CONFLICT (n) DO NOTHING', '42P10', NULL, 'no key');
CREATE TABLE root (id bigint, n int, _seq bigint) PARTITION BY RANGE (id);
CREATE TABLE part (id bigint PRIMARY KEY, n int) USING kalamdb;
ALTER TABLE root ATTACH PARTITION part FOR VALUES FROM (0) TO (1000);
SELECT throws_ok('INSERT INTO root VALUES (1, 1) ON CONFLICT (id) DO NOTHING', '42P10', NULL, 'a partitioned table');
CREATE TABLE plain (id bigint PRIMARY KEY, n int);
SELECT is(affected('INSERT INTO plain VALUES (1, 1), (1, 2) ON CONFLICT (id) DO NOTHING'), 1::bigint, 'other tables have their indexes');
SELECT throws_ok('INSERT INTO t VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET n = 5', '42P10', NULL, 'DO UPDATE is refused');
SELECT is((SELECT count(*) FROM t), 601::bigint, 'nothing else came in');
SELECT * FROM finish();
ROLLBACK;
