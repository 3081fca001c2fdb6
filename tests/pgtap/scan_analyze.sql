-- ANALYZE reads the table and gives the planner its rows.
BEGIN;
SELECT plan(4);
CREATE SCHEMA scan_analyze;
SET search_path = scan_analyze, public;
CREATE TABLE t (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'shared');
INSERT INTO t SELECT g, g % 4 FROM generate_series(1, 400) g;
ANALYZE t;
SELECT is((SELECT reltuples FROM pg_class WHERE oid = 't'::regclass), 400::real, 'the number of rows');
SELECT is((SELECT n_distinct FROM pg_stats WHERE schemaname = 'scan_analyze' AND attname = 'n'), 4::real, 'distinct values');
CREATE TABLE u (id bigint PRIMARY KEY) USING kalamdb WITH (type = 'user');
SET LOCAL kalam.user_id = '';
SET LOCAL client_min_messages = error;
SELECT lives_ok('ANALYZE u', 'a user table without identity is skipped');
SELECT ok((SELECT reltuples FROM pg_class WHERE oid = 'u'::regclass) <= 0, 'and keeps its estimate');
SELECT * FROM finish();
ROLLBACK;
