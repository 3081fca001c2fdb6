-- Row estimates: one per key asked for, all rows after ANALYZE, a share of them for a filter.
BEGIN;
SELECT plan(5);
CREATE SCHEMA scan_estimates;
SET search_path = scan_estimates, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb;
INSERT INTO t SELECT g, g % 10 FROM generate_series(1, 500) g;
CREATE FUNCTION estimated(condition text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) SELECT * FROM t WHERE ' || condition INTO plan;
    RETURN plan #>> '{0,Plan,Plan Rows}';
END $$;
SELECT is(estimated('id = 5'), 1, 'a key');
SELECT is(estimated('id IN (1, 2, 3)'), 3, 'several keys');
ANALYZE t;
SELECT is(estimated('true'), 500, 'the whole table after ANALYZE');
SELECT is(estimated('n = 3'), 50, 'a value that a tenth of the rows has');
SELECT is(estimated('id = 5'), 1, 'a key still');
SELECT * FROM finish();
ROLLBACK;
