-- count(*) of a whole shared table is the server's, everything else is counted here; both come to the same.
BEGIN;
SELECT plan(16);
CREATE SCHEMA scan_count;
SET search_path = scan_count, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
CREATE TABLE empty (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'shared');
CREATE TABLE admins (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'shared', access_level = 'dba');

CREATE FUNCTION pushed(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        IF line LIKE '%Remote SQL: SELECT count(*) FROM %' THEN RETURN true; END IF;
    END LOOP;
    RETURN false;
END $$;
SELECT ok(pushed('SELECT count(*) FROM t'), 'count(*) is pushed');
SELECT ok(pushed('SELECT count(*), count(*) FROM t'), 'twice too');
SELECT ok(pushed('SELECT count(*) AS c FROM t ORDER BY 1 LIMIT 5'), 'with something above it');
SELECT ok(NOT pushed('SELECT count(n) FROM t'), 'not the count of a column');
SELECT ok(NOT pushed('SELECT count(*) FROM t WHERE n = 1'), 'not with a condition');
SELECT ok(NOT pushed('SELECT count(*) FILTER (WHERE n = 1) FROM t'), 'not with a filter');
SELECT ok(NOT pushed('SELECT n, count(*) FROM t GROUP BY n'), 'not by groups');
SELECT ok(NOT pushed('SELECT count(*) FROM t HAVING count(*) > 1'), 'not with HAVING');
SELECT ok(NOT pushed('SELECT count(*), max(n) FROM t'), 'not beside other aggregates');
SELECT ok(NOT pushed('SELECT count(*) FROM t a, t b'), 'not over joins');
SELECT ok(NOT pushed('SELECT count(*) FROM admins'), 'not where scans are for administrators');

SELECT is((SELECT count(*) FROM t), 0::bigint, 'nothing');
INSERT INTO t SELECT g, g FROM generate_series(1, 7) g;
SELECT is((SELECT count(*) FROM t), 7::bigint, 'the transaction''s own rows');
DELETE FROM t WHERE id = 1;
SELECT is((SELECT count(*) FROM t), 6::bigint, 'and not those it deleted');
SELECT is((SELECT count(*) FROM empty), 0::bigint, 'an empty table beside it');
SELECT is((SELECT sum((SELECT count(*) FROM t)) FROM generate_series(1, 3)), 18::numeric, 'several times');
SELECT * FROM finish();
ROLLBACK;
