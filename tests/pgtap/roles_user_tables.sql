-- Whose rows a role sees through views and SECURITY DEFINER functions.
BEGIN;
SELECT plan(7);
\ir include/as_role.psql
CREATE SCHEMA roles_user_tables;
SET search_path = roles_user_tables, public;
CREATE ROLE roles_user_reader;
GRANT USAGE ON SCHEMA roles_user_tables TO roles_user_reader;
-- The identity is the session's, whoever owns the view; a pinned one is the current role's.
CREATE TABLE u (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user');
SET LOCAL kalam.user_id = 'alice';
INSERT INTO u VALUES (1, 10);
SET LOCAL kalam.user_id = 'bob';
INSERT INTO u VALUES (1, 20);
CREATE VIEW of_user AS SELECT * FROM u;
GRANT SELECT ON of_user, u TO roles_user_reader;
CREATE FUNCTION as_definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT n FROM roles_user_tables.u';
CREATE FUNCTION as_alice() RETURNS int LANGUAGE sql SECURITY DEFINER SET kalam.user_id = 'alice' AS 'SELECT n FROM roles_user_tables.u';
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT n FROM of_user'), '20', 'a view shows the session''s user');
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT as_definer()'), '20', 'so does a SECURITY DEFINER function');
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT as_alice()'), '10', 'unless it sets another');
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT kalam_user_id()'), 'bob', 'for its own time');
CREATE USER MAPPING FOR roles_user_reader SERVER kalam_server OPTIONS (user_id 'alice');
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT n FROM of_user'), '10', 'a pinned identity in a view');
SELECT is(pg_temp.ask_as('roles_user_reader', 'SELECT as_definer()'), '20', 'but not in another''s function');
ALTER FUNCTION as_definer() OWNER TO roles_user_reader;
SELECT is(as_definer(), 10, 'in its own function whoever calls it');
SELECT * FROM finish();
ROLLBACK;
