-- A user table is not read as a shared one, whoever defines it so and in whatever way: nobody sees others' rows.
BEGIN;
SELECT plan(17);
\ir include/as_role.psql
SELECT kalam_exec('DROP NAMESPACE IF EXISTS pgtap_kinds');
CREATE SCHEMA pgtap_kinds;
CREATE TABLE pgtap_kinds.profiles (id bigint PRIMARY KEY, name text) USING kalamdb WITH (type = 'user');
CREATE TABLE pgtap_kinds.everyone (id bigint PRIMARY KEY, name text) USING kalamdb WITH (type = 'shared');
INSERT INTO pgtap_kinds.everyone VALUES (1, 'x');
CREATE ROLE pgtap_kinds_mallory;
CREATE SCHEMA mallory AUTHORIZATION pgtap_kinds_mallory;
GRANT USAGE ON FOREIGN SERVER kalam_server TO pgtap_kinds_mallory;

CREATE FUNCTION refused(command text, what text) RETURNS text LANGUAGE sql AS $$
    SELECT throws_like(format('SELECT pg_temp.run_as(%L, %L)', 'pgtap_kinds_mallory', command),
                       'KalamDB table "pgtap_kinds.profiles" is a user table, but foreign table "mallory.%" says it is shared', what)
$$;

SELECT pg_temp.run_as('pgtap_kinds_mallory', $$CREATE FOREIGN TABLE mallory.a (id bigint, name text) SERVER kalam_server OPTIONS (attach 'true', table_type 'shared', namespace 'pgtap_kinds', "table" 'profiles')$$);
SELECT refused('SELECT * FROM mallory.a', 'attached, scanned');
SELECT refused('SELECT * FROM mallory.a WHERE id = 1', 'by key');
SELECT refused('SELECT count(*) FROM mallory.a', 'counted');
SELECT refused('INSERT INTO mallory.a VALUES (1)', 'INSERT');
SELECT refused('UPDATE mallory.a SET name = ''y'' WHERE id = 1', 'UPDATE by key');
SELECT refused('UPDATE mallory.a SET name = ''y'' WHERE name = ''x''', 'UPDATE');
SELECT refused('DELETE FROM mallory.a', 'DELETE');
SELECT refused('TRUNCATE mallory.a', 'TRUNCATE');
SELECT refused('ANALYZE mallory.a', 'ANALYZE');
SELECT throws_ok('SELECT * FROM mallory.a', '42809', NULL, 'with its SQLSTATE');

SELECT pg_temp.run_as('pgtap_kinds_mallory', 'CREATE TABLE mallory.mine (id bigint PRIMARY KEY, name text) USING kalamdb WITH (type = ''shared'')');
SELECT lives_ok('SELECT * FROM mallory.mine', 'a table of one''s own');
SELECT pg_temp.run_as('pgtap_kinds_mallory', 'ALTER FOREIGN TABLE mallory.mine OPTIONS (SET namespace ''pgtap_kinds'', SET "table" ''profiles'')');
SELECT refused('SELECT * FROM mallory.mine', 'redirected');
SELECT lives_ok('ALTER FOREIGN TABLE mallory.mine OPTIONS (SET "table" ''everyone'')', 'redirected to a shared table');
SELECT results_eq('SELECT id, name FROM mallory.mine', $$VALUES (1::bigint, 'x'::text)$$, 'which can be read');

SET LOCAL kalam.mirror_ddl = off;
SELECT pg_temp.run_as('pgtap_kinds_mallory', $$CREATE FOREIGN TABLE mallory.b (id bigint, name text) SERVER kalam_server OPTIONS (table_type 'shared', namespace 'pgtap_kinds', "table" 'profiles')$$);
SELECT refused('SELECT * FROM mallory.b', 'made without the server');
ALTER FOREIGN TABLE pgtap_kinds.profiles OPTIONS (SET table_type 'shared');
SELECT throws_ok('SELECT * FROM pgtap_kinds.profiles', '42602', NULL, 'a table whose type was changed here: its _userid is no column then');
ALTER FOREIGN TABLE pgtap_kinds.profiles OPTIONS (SET table_type 'stream');
SET LOCAL kalam.user_id = 'alice';
SELECT throws_ok('SELECT * FROM pgtap_kinds.profiles', '42809', NULL, 'to a stream');
ALTER FOREIGN TABLE pgtap_kinds.profiles OPTIONS (SET table_type 'user');
SET LOCAL kalam.mirror_ddl = on;
SELECT * FROM finish();
ROLLBACK;
