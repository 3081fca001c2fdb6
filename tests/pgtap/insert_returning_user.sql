-- INSERT ... RETURNING _userid gives the owner of the row.
BEGIN;
SELECT plan(2);
CREATE SCHEMA insert_returning_user;
SET search_path = insert_returning_user, public;
SET LOCAL kalam.user_id = 'alice';
CREATE TABLE u (id bigint PRIMARY KEY, n int) USING kalamdb WITH (type = 'user');
CREATE FUNCTION run(statement text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE statement; END $$;
SELECT results_eq($$SELECT * FROM run('INSERT INTO u (id, n) VALUES (1, 1) RETURNING id, _userid') AS r(id bigint, u text)$$,
                  $$VALUES (1::bigint, 'alice')$$, 'the session''s user');
SELECT results_eq($$SELECT * FROM run($q$INSERT INTO u (id, n, _userid) VALUES (1, 1, 'bob') RETURNING id, _userid$q$) AS r(id bigint, u text)$$,
                  $$VALUES (1::bigint, 'bob')$$, 'another owner');
SELECT * FROM finish();
ROLLBACK;
