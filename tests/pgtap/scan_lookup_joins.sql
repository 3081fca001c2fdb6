-- Lookups whose keys come late: LATERAL, parameterised nested loops, large lists, recursive queries; one call a key or fewer.
BEGIN;
SELECT plan(8);
CREATE SCHEMA scan_lookup_joins;
SET search_path = scan_lookup_joins, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb;
INSERT INTO t SELECT g, g * 2 FROM generate_series(1, 12000) g;
CREATE TEMP TABLE keys AS SELECT g::bigint AS id FROM generate_series(1, 5000) g;
SELECT is((SELECT sum(n) FROM t WHERE id = ANY (ARRAY(SELECT id FROM keys))), 25005000::bigint, 'five thousand keys at once');
CREATE FUNCTION of_list(keys bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    EXECUTE format('SELECT sum(n) FROM t WHERE id IN (%s)', (SELECT string_agg(g::text, ',') FROM generate_series(1, keys) g)) INTO found;
    RETURN found;
END $$;
SELECT is(of_list(5000), 25005000::bigint, 'as a list');
SELECT results_eq('SELECT k, x.n FROM (VALUES (1), (7), (99999)) v(k), LATERAL (SELECT n FROM t WHERE t.id = k OFFSET 0) x ORDER BY k', 'VALUES (1, 2), (7, 14)', 'LATERAL');
SELECT results_eq('SELECT k, x.n FROM (VALUES (1), (99999)) v(k) LEFT JOIN LATERAL (SELECT n FROM t WHERE t.id = k LIMIT 1) x ON true ORDER BY k', 'VALUES (1, 2), (99999, NULL)', 'LEFT JOIN LATERAL');
SELECT is((WITH RECURSIVE r(i) AS (SELECT 1::bigint UNION ALL SELECT t.id * 2 FROM r JOIN t ON t.id = r.i) SELECT max(i) FROM r), 16384::bigint, 'a recursive query');
SELECT is((SELECT count(*) FROM t WHERE id IN (1, NULL, 2, 2, -5)), 2::bigint, 'NULLs and repeated keys');
SELECT is((SELECT count(*) FROM t WHERE id NOT IN (1, NULL)), 0::bigint, 'NOT IN with NULL');
DELETE FROM t WHERE id = ANY (ARRAY(SELECT id FROM keys));
SELECT is((SELECT count(*) FROM t), 7000::bigint, 'five thousand deletes by key');
SELECT * FROM finish();
ROLLBACK;
