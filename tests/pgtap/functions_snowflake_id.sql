-- snowflake_id(): unique, increasing, positive, made now; usable as a default.
BEGIN;
SELECT plan(6);
CREATE TEMP TABLE ids AS SELECT n, snowflake_id() AS id FROM generate_series(1, 20000) n;
SELECT is((SELECT count(DISTINCT id) FROM ids), 20000::bigint, 'no id twice');
SELECT ok((SELECT bool_and(increasing) FROM (SELECT id > lag(id, 1, 0::bigint) OVER (ORDER BY n) AS increasing FROM ids) i),
    'each is greater than the one before');
SELECT ok(snowflake_id() > 0, 'positive');
SELECT ok(abs(extract(epoch FROM clock_timestamp()) * 1000 - ((snowflake_id() >> 22) + 1704067200000)) < 60000,
    'the upper bits are the time');
SELECT ok(SNOWFLAKE_ID() IS NOT NULL, 'any case, as KalamDB spells it');
CREATE TEMP TABLE t (id bigint DEFAULT SNOWFLAKE_ID(), v int);
INSERT INTO t (v) VALUES (1), (2);
SELECT is((SELECT count(DISTINCT id) FROM t), 2::bigint, 'a default of a local table');
SELECT * FROM finish();
ROLLBACK;
