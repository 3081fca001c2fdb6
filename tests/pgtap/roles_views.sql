-- Ordinary roles: column rights, and views of both kinds.
BEGIN;
SELECT plan(10);
\ir include/as_role.psql
CREATE SCHEMA roles_views;
SET search_path = roles_views, public;
CREATE ROLE roles_views_reader;
GRANT USAGE ON SCHEMA roles_views TO roles_views_reader;
CREATE TABLE t (id bigint PRIMARY KEY, n int, secret text) USING kalamdb;
INSERT INTO t VALUES (1, 1, 's');
SELECT throws_ok($$SELECT pg_temp.ask_as('roles_views_reader', 'SELECT id FROM t')$$, '42501', NULL, 'no rights, no rows');
SELECT throws_ok($$SELECT pg_temp.run_as('roles_views_reader', 'TRUNCATE t')$$, '42501', NULL, 'nor TRUNCATE');
GRANT SELECT (id, n), UPDATE (n) ON t TO roles_views_reader;
SELECT is(pg_temp.ask_as('roles_views_reader', 'SELECT n FROM t WHERE id = 1'), '1', 'columns with rights');
SELECT throws_ok($$SELECT pg_temp.ask_as('roles_views_reader', 'SELECT id FROM t WHERE secret = ''s''')$$, '42501', NULL, 'no others, in conditions neither');
SELECT lives_ok($$SELECT pg_temp.run_as('roles_views_reader', 'UPDATE t SET n = 2 WHERE id = 1')$$, 'an update of columns with rights');
SELECT throws_ok($$SELECT pg_temp.run_as('roles_views_reader', 'UPDATE t SET secret = n WHERE id = 1')$$, '42501', NULL, 'and of no others');
SELECT throws_ok($$SELECT pg_temp.run_as('roles_views_reader', 'DELETE FROM t WHERE id = 1')$$, '42501', NULL, 'DELETE has a right of its own');

CREATE VIEW by_owner AS SELECT * FROM t;
CREATE VIEW by_invoker WITH (security_invoker = on) AS SELECT * FROM t;
GRANT ALL ON by_owner, by_invoker TO roles_views_reader;
SELECT is(pg_temp.ask_as('roles_views_reader', 'SELECT secret FROM by_owner'), 's', 'a view reads with its owner''s rights');
SELECT throws_ok($$SELECT pg_temp.ask_as('roles_views_reader', 'SELECT secret FROM by_invoker')$$, '42501', NULL, 'security_invoker with one''s own');
SELECT lives_ok($$SELECT pg_temp.run_as('roles_views_reader', 'DELETE FROM by_owner WHERE id = 1')$$, 'and writes so');

SELECT * FROM finish();
ROLLBACK;
