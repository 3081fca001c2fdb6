-- Scans ask for the columns they need, and for at least one.
BEGIN;
SELECT plan(8);
CREATE SCHEMA scan_projection;
SET search_path = scan_projection, public;
CREATE TABLE t (id bigint PRIMARY KEY, a text, b int, c text) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, 'a' || g, g * 10, NULL FROM generate_series(1, 5) g;

CREATE FUNCTION remote_columns(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || query LOOP
        IF line LIKE '%Remote Columns:%' THEN RETURN btrim(split_part(line, ':', 2)); END IF;
    END LOOP;
END $$;

SELECT is(remote_columns('SELECT a FROM t'), 'a', 'one column');
SELECT is(remote_columns('SELECT a FROM t WHERE b > 3'), 'a, b', 'a column of a condition');
SELECT is(remote_columns('SELECT 1 FROM t'), 'id', 'the key where no column is needed');
SELECT is(remote_columns('SELECT t FROM t'), 'id, a, b, c, _seq', 'a whole row');
SELECT is((SELECT count(*) FROM t), 5::bigint, 'count(*) counts rows');
SELECT results_eq('SELECT b, a FROM t WHERE id <= 2 ORDER BY id', $$VALUES (10, 'a1'), (20, 'a2')$$, 'columns in another order');
SELECT results_eq('SELECT c IS NULL, b FROM t WHERE id = 3', 'VALUES (true, 30)', 'NULLs');
SELECT results_eq('SELECT x.a, y.b FROM t x JOIN t y ON y.id = x.id + 1 WHERE x.id = 4', $$VALUES ('a4', 50)$$, 'a table joined with itself');
SELECT * FROM finish();
ROLLBACK;
