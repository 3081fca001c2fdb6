-- Scans that run several times: correlated subqueries, cursors, PL/pgSQL loops.
BEGIN;
SELECT plan(9);
CREATE SCHEMA scan_rescan;
SET search_path = scan_rescan, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g % 3 FROM generate_series(1, 9) g;

SELECT is((SELECT sum((SELECT count(*) FROM t WHERE n = g)) FROM generate_series(0, 3) g), 9::numeric, 'a filter that changes');
SELECT is((SELECT sum((SELECT n FROM t WHERE id = g)) FROM generate_series(1, 9) g), 9::bigint, 'a key that changes');
SELECT is((SELECT count(*) FROM generate_series(1, 3) g, LATERAL (SELECT * FROM t OFFSET 0) x), 27::bigint, 'the same rows again');
SELECT is((SELECT count(*) FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.n = a.n AND b.id > a.id)), 6::bigint, 'EXISTS');

DECLARE c SCROLL CURSOR FOR SELECT id FROM t ORDER BY id;
SELECT results_eq('FETCH 2 FROM c', 'VALUES (1::bigint), (2)', 'a cursor');
SELECT results_eq('FETCH ABSOLUTE 1 FROM c', 'VALUES (1::bigint)', 'a cursor backwards');

CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE r record; s bigint := 0;
BEGIN
    FOR r IN SELECT id FROM t LOOP
        s := s + (SELECT n FROM t WHERE id = r.id);
    END LOOP;
    RETURN s;
END $$;
SELECT is(total(), 9::bigint, 'a loop with lookups inside');

-- Each row of the outer side reads the same answer again, which must take no more memory each time.
CREATE FUNCTION answer_bytes() RETURNS bigint LANGUAGE sql AS
    $$SELECT sum(total_bytes)::bigint FROM pg_backend_memory_contexts WHERE name IN ('kalam answer', 'kalam batch')$$;
DECLARE again CURSOR FOR
    SELECT (SELECT count(*) FROM (SELECT n FROM t OFFSET 0) x WHERE g >= 0) FROM generate_series(1, 20000) g;
MOVE FORWARD 10 IN again;
SELECT answer_bytes() AS before \gset
SELECT ok(:before > 0, 'an answer is in memory');
MOVE FORWARD 19000 IN again;
SELECT ok(answer_bytes() <= :before + 16384, '19 000 rescans take no more');
SELECT * FROM finish();
ROLLBACK;
